import { t } from "../i18n";
import { commandsFor, usage } from "../text/commands";
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

/** What there is to choose from where one writes. */
export interface Offers {
  /** Where commands would work. */
  room?: Room | undefined;
  people: readonly Person[];
  rooms: readonly Room[];
}

const SHOWN = 8;

/** What a word could become, best first. Commands all, since their list is how one learns of them. */
export function suggestions(trigger: Trigger, offers: Offers): Suggestion[] {
  const found = all(trigger, offers);
  return trigger.kind === "command" ? found : found.slice(0, SHOWN);
}

function all({ kind, query }: Trigger, { room: here, people, rooms }: Offers): Suggestion[] {
  switch (kind) {
    case "person":
    case "from":
      return ranked(query, people, (person) => `${person.username} ${person.display_name}`).map((person) => ({
        replacement: `${kind === "from" ? "from:" : "@"}${person.username}`,
        title: person.display_name,
        hint: `@${person.username}`,
        person,
      }));
    case "room":
    case "in":
      return ranked(query, rooms, (room) => room.name ?? "").map((room) => ({
        replacement: `${kind === "in" ? "in:" : "#"}${room.name}`,
        title: `#${room.name}`,
        hint: room.topic,
      }));
    case "command":
      return (here ? commandsFor(here) : [])
        .filter((command) => command.name.startsWith(query.toLowerCase()))
        .map((command) => ({
          replacement: `/${command.name}`,
          title: usage(command),
          hint: t(`command.${command.name}`),
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
