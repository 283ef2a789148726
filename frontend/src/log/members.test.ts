import { expect, test } from "vitest";
import type { Member, Message, Person } from "../wire/shapes";
import { membersAfter } from "./members";

const alice: Member = { id: "a", username: "alice", display_name: "Alice", role: "owner" };
const bob: Person = { id: "b", username: "bob", display_name: "Bob" };

function entry(kind: string, fields: Partial<Message> = {}): Message {
  return { room: "r", seq: 1, kind, author: alice, text: "", at: "", ...fields };
}

test("a person who joins or is added is a member", () => {
  expect(membersAfter([alice], entry("joined", { author: bob }))).toHaveLength(2);
  expect(membersAfter([alice], entry("invited", { subject: bob }))).toHaveLength(2);
});

test("joining twice does not make two members", () => {
  expect(membersAfter([alice], entry("joined"))).toEqual([alice]);
});

test("one who removes another stays", () => {
  const both = membersAfter([alice], entry("joined", { author: bob }));

  expect(membersAfter(both, entry("removed", { subject: bob }))).toEqual([alice]);
});

test("a changed role is shown", () => {
  const both = membersAfter([alice], entry("joined", { author: bob }));

  expect(membersAfter(both, entry("role_changed", { subject: bob, text: "moderator" }))[1]!.role).toBe("moderator");
});

test("arriving and departing change nobody's membership", () => {
  const members = [alice];

  expect(membersAfter(members, entry("departed"))).toBe(members);
});
