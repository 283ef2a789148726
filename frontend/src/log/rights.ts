import type { Member, Person, Role, Room } from "../wire/shapes";

export const ROLES = ["owner", "moderator", "member"] as const;

type Place = Pick<Room, "role" | "visibility">;

/** A direct room belongs to the people in it: nobody is added to it or above another. */
export function mayAdd(room: Place): boolean {
  return room.role !== null && room.visibility !== "direct";
}

/** The roles that I could give this member. The server decides; here it is what to offer. */
export function rolesToGive(room: Place, me: Person, member: Member): Role[] {
  if (room.visibility === "direct" || room.role !== "owner" || member.id === me.id) return [];
  return ROLES.filter((role) => role !== member.role);
}

export function mayRemove(room: Place, me: Person, member: Member): boolean {
  if (room.visibility === "direct" || member.id === me.id) return false;
  if (room.role === "owner") return member.role !== "owner";
  return room.role === "moderator" && member.role === "member";
}
