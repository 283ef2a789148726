import { expect, test } from "vitest";
import type { Message, Room } from "../wire/shapes";
import { counted, figures, MOST_UNREAD, needsRecount, readPosition, totalUrgent } from "./unread";

const room: Room = {
  id: "r",
  name: "tea",
  topic: "",
  visibility: "public",
  role: "member",
  head: 10,
  floor: 0,
  read: 8,
  unread: 2,
  mentions: 0,
  members: 2,
};

function entry(seq: number, fields: Partial<Message> = {}): Message {
  const author = { id: "b", username: "bob", display_name: "Bob" };
  return { room: "r", seq, kind: "posted", author, text: "", at: "2026-01-01T00:00:00.000Z", ...fields };
}

test("another's message is unread, and a mention of me counts twice over", () => {
  expect(counted(room, entry(11, { mentions: ["me"] }), "me")).toMatchObject({ head: 11, unread: 3, mentions: 1 });
});

test("my own messages, service messages and changes are never unread", () => {
  const mine = entry(11, { author: { id: "me", username: "me", display_name: "Me" } });

  expect(counted(room, mine, "me").unread).toBe(2);
  expect(counted(room, entry(11, { kind: "arrived" }), "me").unread).toBe(2);
  expect(counted(room, entry(11, { kind: "edited", target: 1 }), "me").unread).toBe(2);
});

test("deleting an unread message asks for a recount, deleting a read one does not", () => {
  expect(needsRecount(room, entry(11, { kind: "deleted", target: 9 }))).toBe(true);
  expect(needsRecount(room, entry(11, { kind: "deleted", target: 3 }))).toBe(false);
});

test("all unread of a direct room is urgent, of other rooms only mentions", () => {
  expect(
    totalUrgent([
      { ...room, mentions: 1 },
      { ...room, visibility: "direct" },
    ]),
  ).toBe(3);
});

test("the read position never moves back and never moves for service messages", () => {
  expect(readPosition(room, [entry(7), entry(9), entry(10, { kind: "left" })])).toBe(9);
  expect(readPosition(room, [entry(8)])).toBeNull();
});

test("counting goes no further than the server's", () => {
  const full = { ...room, unread: MOST_UNREAD, mentions: MOST_UNREAD };

  expect(counted(full, entry(11, { mentions: ["me"] }), "me")).toMatchObject({
    head: 11,
    unread: MOST_UNREAD,
    mentions: MOST_UNREAD,
  });
});

test("deleting one of more than are counted asks for a recount", () => {
  expect(needsRecount({ ...room, unread: MOST_UNREAD }, entry(11, { kind: "deleted", target: 9 }))).toBe(true);
});

test("figures end where counting does", () => {
  expect([0, 99, 100, 1_000].map((count) => figures(count, 99))).toEqual(["0", "99", "99+", "99+"]);
});

test("what several rooms have for me is not told to the last when one of them is full", () => {
  const full: Room = { ...room, visibility: "direct", unread: MOST_UNREAD };

  expect(figures(totalUrgent([full, { ...room, mentions: 3 }]), MOST_UNREAD - 1)).toBe("999+");
});
