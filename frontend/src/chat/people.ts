import { reactive, shallowReactive } from "vue";
import { membersAfter } from "../log/members";
import type { Member, Message, Person, User } from "../wire/shapes";

const TYPING_LASTS = 5_000;

/** Who is in a room, who is online, who is typing. */
export class People {
  readonly members = shallowReactive(new Map<string, readonly Member[]>());
  readonly online = reactive(new Set<string>());
  private readonly typing = shallowReactive(new Map<string, readonly Person[]>());
  private readonly expiry = new Map<string, ReturnType<typeof setTimeout>>();

  opened(room: string, members: readonly Member[]): void {
    this.members.set(room, members);
    this.meet(members);
  }

  /** Remembers whether people are online, where the server said so. */
  meet(users: readonly User[]): void {
    for (const user of users) if (user.online !== undefined) this.setOnline(user.id, user.online);
  }

  setOnline(id: string, isOnline: boolean): void {
    if (isOnline) this.online.add(id);
    else this.online.delete(id);
  }

  /** In what is shown from now on. */
  renamed(person: Person): void {
    for (const [room, members] of this.members) {
      if (!members.some((member) => member.id === person.id)) continue;
      const { display_name } = person;
      this.members.set(
        room,
        members.map((member) => (member.id === person.id ? { ...member, display_name } : member)),
      );
    }
  }

  received(entry: Message): void {
    const members = this.members.get(entry.room);
    if (members) this.members.set(entry.room, membersAfter(members, entry));
    if (entry.author && entry.kind === "posted") this.stopTyping(entry.room, entry.author.id);
  }

  startTyping(room: string, person: Person): void {
    const others = (this.typing.get(room) ?? []).filter((other) => other.id !== person.id);
    this.typing.set(room, [...others, person]);
    const key = `${room} ${person.id}`;
    clearTimeout(this.expiry.get(key));
    this.expiry.set(
      key,
      setTimeout(() => this.stopTyping(room, person.id), TYPING_LASTS),
    );
  }

  typingIn(room: string): readonly Person[] {
    return this.typing.get(room) ?? [];
  }

  private stopTyping(room: string, id: string): void {
    const typing = this.typing.get(room) ?? [];
    if (typing.some((person) => person.id === id)) {
      this.typing.set(
        room,
        typing.filter((person) => person.id !== id),
      );
    }
  }
}
