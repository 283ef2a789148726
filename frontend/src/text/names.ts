import type { Person, Room } from "../wire/shapes";

/** One or two letters to know somebody by. */
export function initials(name: string): string {
  const words = name.split(/[\s_.-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : [words[0] ?? "?"];
  return letters.map((word) => [...word][0]!.toUpperCase()).join("");
}

export const TONES = 10;

/** The same colour for the same name, everywhere and always. */
export function tone(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
  return hash % TONES;
}

/** A direct room is called after the others in it. */
export function roomTitle(room: Pick<Room, "name" | "people">): string {
  if (room.name !== null) return room.name;
  return room.people?.map((person) => person.display_name).join(", ") || "…";
}

/** The path of a room's page: by name where it has one. */
export function roomPath(room: Pick<Room, "id" | "name">, seq?: number): string {
  const path = `/rooms/${encodeURIComponent(room.name ?? room.id)}`;
  return seq === undefined ? path : `${path}?seq=${seq}`;
}

export function byTitle(a: Room, b: Room): number {
  return roomTitle(a).localeCompare(roomTitle(b), undefined, { numeric: true });
}

export function byName(a: Person, b: Person): number {
  return a.display_name.localeCompare(b.display_name);
}

/** A room's name as it is typed: it has no spaces, and whoever types one means a hyphen. */
export function asRoomName(typed: string): string {
  return typed.trimStart().replace(/\s+/gu, "-");
}
