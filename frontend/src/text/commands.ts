/** The slash commands of the server that this client helps to write. Their help is in the dictionaries. */
export const COMMANDS = [
  { name: "me", args: "TEXT" },
  { name: "topic", args: "TEXT" },
  { name: "invite", args: "USER" },
  { name: "leave", args: "" },
  { name: "help", args: "[command]" },
  { name: "rename", args: "NAME" },
  { name: "promote", args: "USER" },
  { name: "demote", args: "USER" },
  { name: "kick", args: "USER [reason]" },
  { name: "clear", args: "" },
] as const;

export type CommandName = (typeof COMMANDS)[number]["name"];
