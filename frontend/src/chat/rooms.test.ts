import { expect, test } from "vitest";
import { MOST_UNREAD } from "../log/unread";
import type { Message, Room } from "../wire/shapes";
import { Rooms } from "./rooms";

function room(id: string, fields: Partial<Room> = {}): Room {
  return {
    id,
    name: id,
    topic: "",
    visibility: "public",
    role: "member",
    head: 10,
    floor: 0,
    read: 10,
    unread: 0,
    mentions: 0,
    members: 2,
    ...fields,
  };
}

function entry(seq: number, fields: Partial<Message> = {}): Message {
  const author = { id: "b", username: "bob", display_name: "Bob" };
  return { room: "tea", seq, kind: "posted", author, text: "", at: "", ...fields };
}

test("each live message is counted once", () => {
  const rooms = new Rooms();
  rooms.put(room("tea"));

  rooms.count(entry(11), "me");
  rooms.count(entry(11), "me");
  rooms.count(entry(10), "me");

  expect(rooms.all.get("tea")!.unread).toBe(1);
});

test("after a jump only the server knows the counts", () => {
  const rooms = new Rooms();
  rooms.put(room("tea"));

  expect(rooms.count(entry(11), "me")).toBe(false);
  expect(rooms.count(entry(14), "me")).toBe(true);
});

test("rooms that hello does not name are mine no more", () => {
  const rooms = new Rooms();
  rooms.replaceAll([room("tea"), room("garden")]);

  rooms.replaceAll([room("garden")]);

  expect(rooms.inOrder.value.map(({ id }) => id)).toEqual(["garden"]);
});

test("a room is found by its name in any case before it is by its id", () => {
  const rooms = new Rooms();
  rooms.replaceAll([room("1", { name: "Сад" }), room("2", { name: null, visibility: "direct" })]);

  expect(rooms.find("сад")?.id).toBe("1");
  expect(rooms.find("2")?.id).toBe("2");
});

test("the people of a direct room are kept when an answer leaves them out", () => {
  const rooms = new Rooms();
  const bob = { id: "b", username: "bob", display_name: "Bob" };
  rooms.put(room("d", { name: null, visibility: "direct", people: [bob] }));

  rooms.put(room("d", { name: null, visibility: "direct" }));

  expect(rooms.all.get("d")!.people).toEqual([bob]);
});

test("a direct room is called as its people are now", () => {
  const rooms = new Rooms();
  const bob = { id: "b", username: "bob", display_name: "Bob" };
  rooms.put(room("d", { name: null, visibility: "direct", people: [bob] }));

  rooms.renamed({ ...bob, display_name: "Robert" });

  expect(rooms.all.get("d")!.people).toEqual([{ ...bob, display_name: "Robert" }]);
});

test("more than are counted become an exact number again when the server tells one", () => {
  const rooms = new Rooms();
  rooms.put(room("tea", { read: 0, unread: MOST_UNREAD }));

  expect(rooms.count(entry(11, { kind: "deleted", target: 5 }), "me")).toBe(true);
  rooms.setCounts("tea", { read: 0, unread: 999, mentions: 0 });

  expect(rooms.all.get("tea")!.unread).toBe(999);
});
