import type { Message, Room } from "../wire/shapes";

/** A room's counts after one more live entry. */
export function counted(room: Room, entry: Message, myId: string): Room {
  const head = Math.max(room.head, entry.seq);
  const isUnread = entry.kind === "posted" && entry.author?.id !== myId && entry.seq > room.read;
  if (!isUnread) return { ...room, head };
  return { ...room, head, unread: room.unread + 1, mentions: room.mentions + (entry.mentions?.includes(myId) ? 1 : 0) };
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

/** The read position that showing these messages amounts to, or null when it would tell nothing new. */
export function readPosition(room: Room, messages: readonly Message[]): number | null {
  const newest = messages.findLast((message) => message.kind === "posted");
  return newest && newest.seq > room.read ? newest.seq : null;
}
