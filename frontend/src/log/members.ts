import type { Member, Message, Person } from "../wire/shapes";

/** Who is a member after one more entry of the room's log. */
export function membersAfter(members: readonly Member[], entry: Message): readonly Member[] {
  switch (entry.kind) {
    case "joined":
      return withMember(members, entry.author);
    case "invited":
      return withMember(members, entry.subject ?? null);
    case "left":
      return without(members, entry.author);
    case "removed":
    case "banned":
      return without(members, entry.subject ?? null);
    case "role_changed":
      return members.map((member) => (member.id === entry.subject?.id ? { ...member, role: entry.text } : member));
    default:
      return members;
  }
}

function withMember(members: readonly Member[], person: Person | null): readonly Member[] {
  if (!person || members.some((member) => member.id === person.id)) return members;
  return [...members, { ...person, role: "member" }];
}

function without(members: readonly Member[], person: Person | null): readonly Member[] {
  return members.some((member) => member.id === person?.id)
    ? members.filter((member) => member.id !== person?.id)
    : members;
}
