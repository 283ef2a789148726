import { expect, test } from "vitest";
import type { Member, Role, Room } from "../wire/shapes";
import { mayAdd, mayRemove, rolesToGive } from "./rights";

const me = { id: "me", username: "me", display_name: "Me" };

function room(role: Role | null, visibility: Room["visibility"] = "public") {
  return { role, visibility };
}

function member(role: Role, id = "b"): Member {
  return { id, username: id, display_name: id, role };
}

test.each([
  ["owner", "member", ["owner", "moderator"], true],
  ["owner", "moderator", ["owner", "member"], true],
  ["owner", "owner", ["moderator", "member"], false],
  ["moderator", "member", [], true],
  ["moderator", "moderator", [], false],
  ["moderator", "owner", [], false],
  ["member", "member", [], false],
] as const)("%s may give a %s %j, remove: %s", (mine, theirs, roles, isRemovable) => {
  expect(rolesToGive(room(mine), me, member(theirs))).toEqual(roles);
  expect(mayRemove(room(mine), me, member(theirs))).toBe(isRemovable);
});

test("nobody has rights over themselves, nor over anybody in a direct room", () => {
  for (const [place, person] of [
    [room("owner"), member("moderator", "me")],
    [room("owner", "direct"), member("member")],
  ] as const) {
    expect(rolesToGive(place, me, person)).toEqual([]);
    expect(mayRemove(place, me, person)).toBe(false);
  }
});

test("every member of a named room adds people", () => {
  expect(mayAdd(room("member", "private"))).toBe(true);
  expect(mayAdd(room(null))).toBe(false);
  expect(mayAdd(room("member", "direct"))).toBe(false);
});
