import type { Message, Room } from "../wire/shapes";

/** What a room is called and about, after one more entry of its log. */
export function describedBy(room: Room, entry: Message): Room {
  if (entry.kind === "topic_changed") return { ...room, topic: entry.text };
  if (entry.kind === "renamed" && entry.text) return { ...room, name: entry.text };
  return room;
}
