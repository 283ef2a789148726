import { expect, test } from "vitest";
import { asksForAllHelp, commandsFor, toldBy, usage } from "./commands";

const MEMBERS = ["help", "me", "invite", "leave"];
const MODERATORS = [...MEMBERS, "topic", "kick"];

test.each([
  ["member", MEMBERS],
  ["moderator", MODERATORS],
  ["owner", [...MODERATORS, "promote", "demote", "rename", "clear"]],
] as const)("a room offers a %s %j", (role, names) => {
  expect(commandsFor({ role, visibility: "public" }).map((command) => command.name)).toEqual(names);
});

test("a direct room offers only what needs no role", () => {
  expect(commandsFor({ role: "owner", visibility: "direct" }).map(usage)).toEqual(["/help [command]", "/me TEXT"]);
});

test("/help alone asks for everything", () => {
  expect(asksForAllHelp("/help ")).toBe(true);
  expect(asksForAllHelp("/help kick")).toBe(false);
});

test.each([
  ["There is no command /x. /help lists the commands.", { word: "/x" }],
  [
    "There is no command /tpoic. Did you mean /topic TEXT? /help lists the commands.",
    { word: "/tpoic", usage: "/topic TEXT" },
  ],
  ["There is no command /nope.", { word: "/nope" }],
  ["Something is missing. Usage: /kick USER [reason]", { usage: "/kick USER [reason]" }],
  ["Something else altogether", {}],
])("%j tells %j", (message, told) => {
  expect(toldBy(message)).toEqual(told);
});
