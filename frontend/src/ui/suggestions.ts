import { t } from "../i18n";
import { COMMANDS } from "../text/commands";
import type { Trigger } from "../text/completion";
import { EMOJI } from "../text/emoji";
import { ranked } from "../text/fuzzy";
import type { Person, Room } from "../wire/shapes";

export interface Suggestion {
  /** What is put in place of the typed word. */
  replacement: string;
  title: string;
  hint: string;
  person?: Person;
  sign?: string;
}

const SHOWN = 8;

/** What a word could become, best first. */
export function suggestions(trigger: Trigger, people: readonly Person[], rooms: readonly Room[]): Suggestion[] {
  return all(trigger, people, rooms).slice(0, SHOWN);
}

function all({ kind, query }: Trigger, people: readonly Person[], rooms: readonly Room[]): Suggestion[] {
  switch (kind) {
    case "person":
      return ranked(query, people, (person) => `${person.username} ${person.display_name}`).map((person) => ({
        replacement: `@${person.username}`,
        title: person.display_name,
        hint: `@${person.username}`,
        person,
      }));
    case "room":
      return ranked(query, rooms, (room) => room.name ?? "").map((room) => ({
        replacement: `#${room.name}`,
        title: `#${room.name}`,
        hint: room.topic,
      }));
    case "command":
      return COMMANDS.filter((command) => command.name.startsWith(query.toLowerCase())).map(({ name, args }) => ({
        replacement: `/${name}`,
        title: `/${name} ${args}`.trim(),
        hint: t(`command.${name}`),
      }));
    case "emoji":
      return ranked(query, EMOJI, ([name]) => name).map(([name, sign]) => ({
        replacement: sign,
        title: `:${name}:`,
        hint: "",
        sign,
      }));
  }
}
