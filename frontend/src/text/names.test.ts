import { expect, test } from "vitest";
import { asRoomName, initials, roomPath, roomTitle, tone } from "./names";

test.each([
  ["Alice", "A"],
  ["alice b. cooper", "AC"],
  ["Їжак Олена", "ЇО"],
  ["🌳 oak", "🌳O"],
  ["", "?"],
])("the initials of %j are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});

test("a name always has the same colour", () => {
  expect(tone("Алиса")).toBe(tone("Алиса"));
});

test("a direct room is called after the others in it", () => {
  const people = [
    { id: "1", username: "bob", display_name: "Bob" },
    { id: "2", username: "eve", display_name: "Eve" },
  ];

  expect(roomTitle({ name: null, people })).toBe("Bob, Eve");
});

test("a permalink survives any alphabet", () => {
  expect(roomPath({ id: "1", name: "сад" }, 12)).toBe("/rooms/%D1%81%D0%B0%D0%B4?seq=12");
  expect(roomPath({ id: "1", name: null })).toBe("/rooms/1");
});

test("spaces in a room's name become hyphens while it is typed", () => {
  expect(asRoomName("  tea  garden ")).toBe("tea-garden-");
});
