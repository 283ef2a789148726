import { send } from "../wire/http";
import type { Person, Role } from "../wire/shapes";

/** What one member does to others. The room's log tells everybody, this page too. */
export function addMember(room: string, person: Person): Promise<void> {
  return send("PUT", path(room, person), {});
}

export function giveRole(room: string, person: Person, role: Role): Promise<void> {
  return send("PUT", path(room, person), { role });
}

export function removeMember(room: string, person: Person): Promise<void> {
  return send("DELETE", path(room, person));
}

function path(room: string, person: Person): string {
  return `rooms/${room}/members/${encodeURIComponent(person.username)}`;
}
