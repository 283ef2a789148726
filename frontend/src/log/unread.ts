import type { Message, Room } from "../wire/shapes";

/** The server counts no further, so this means as many or more. */
export const MOST_UNREAD = 1_000;

/** A room's counts after one more live entry. */
export function counted(room: Room, entry: Message, myId: string): Room {
  const head = Math.max(room.head, entry.seq);
  const isUnread = entry.kind === "posted" && entry.author?.id !== myId && entry.seq > room.read;
  if (!isUnread) return { ...room, head };
  const mentions = room.mentions + (entry.mentions?.includes(myId) ? 1 : 0);
  return { ...room, head, unread: Math.min(room.unread + 1, MOST_UNREAD), mentions: Math.min(mentions, MOST_UNREAD) };
}

/** Deleting or clearing unread messages changes counts that only the server can tell. */
export function needsRecount(room: Room, entry: Message): boolean {
  if (room.unread === 0) return false;
  return entry.kind === "cleared" || (entry.kind === "deleted" && (entry.target ?? 0) > room.read);
}

/** Everything unread in a direct room is meant for me. */
export function urgent(room: Room): number {
  return room.visibility === "direct" ? room.unread : room.mentions;
}

export function totalUrgent(rooms: Iterable<Room>): number {
  return [...rooms].reduce((total, room) => total + urgent(room), 0);
}

/** In figures, as far as there is room for them or anybody counted. */
export function figures(count: number, highest: number): string {
  return count > highest ? `${highest}+` : `${count}`;
}

/** The read position that showing these messages amounts to, or null when it would tell nothing new. */
export function readPosition(room: Room, messages: readonly Message[]): number | null {
  const newest = messages.findLast((message) => message.kind === "posted");
  return newest && newest.seq > room.read ? newest.seq : null;
}
