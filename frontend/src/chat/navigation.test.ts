import { expect, test } from "vitest";
import { parsed } from "./navigation";

test("a deep link names a room in any alphabet", () => {
  expect(parsed("/rooms/%D1%81%D0%B0%D0%B4", "")).toEqual({ room: "сад", seq: null });
});

test("a permalink leads to a message", () => {
  expect(parsed("/rooms/tea", "?seq=12")).toEqual({ room: "tea", seq: 12 });
});

test.each(["?seq=x", "?seq=-1", "?seq="])("%s leads to the room only", (query) => {
  expect(parsed("/rooms/tea", query)?.seq).toBeNull();
});

test("the bare address names no room", () => {
  expect(parsed("/", "")).toBeNull();
});
