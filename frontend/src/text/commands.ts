import type { Room } from "../wire/shapes";

/** The slash commands of the server, by who may use them. Their help is in the dictionaries. */
const COMMANDS = [
  { name: "help", args: "[command]", for: "anybody" },
  { name: "me", args: "TEXT", for: "anybody" },
  { name: "invite", args: "USER", for: "member" },
  { name: "leave", args: "", for: "member" },
  { name: "topic", args: "TEXT", for: "moderator" },
  { name: "kick", args: "USER [reason]", for: "moderator" },
  { name: "promote", args: "USER", for: "owner" },
  { name: "demote", args: "USER", for: "owner" },
  { name: "rename", args: "NAME", for: "owner" },
  { name: "clear", args: "", for: "owner" },
] as const;

export type Command = (typeof COMMANDS)[number];

const RANKS: readonly string[] = ["member", "moderator", "owner"];

/** What I can do where I am. In a direct room nobody is above another. */
export function commandsFor(room: Pick<Room, "role" | "visibility">): Command[] {
  if (room.visibility === "direct") return COMMANDS.filter((command) => command.for === "anybody");
  const mine = RANKS.indexOf(room.role ?? "");
  return COMMANDS.filter((command) => command.for === "anybody" || RANKS.indexOf(command.for) <= mine);
}

export function usage(command: Command): string {
  return `/${command.name} ${command.args}`.trim();
}

export function asksForAllHelp(text: string): boolean {
  return /^\/help\s*$/i.test(text);
}

/** What a refused command's message tells beside its English: the word, and how it should be written. */
export function toldBy(message: string): { word?: string; usage?: string } {
  const word = /There is no command (\/\S*?)\.(?:\s|$)/.exec(message)?.[1];
  const usage = /Did you mean (.+?)\?/.exec(message)?.[1] ?? /Usage: (.+)$/.exec(message)?.[1];
  return { ...(word && { word }), ...(usage && { usage }) };
}
