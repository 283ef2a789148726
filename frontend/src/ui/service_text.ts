import { plural, t } from "../i18n";
import type { Key, PluralKey } from "../i18n/en";
import { isKey } from "../i18n/translate";
import { folded } from "../log/timeline";
import type { Message, Person } from "../wire/shapes";

/** A service message as a sentence; its text carries only the datum. */
export function serviceText(message: Message): string {
  const { kind, text } = message;
  const author = nameOf(message.author);
  const subject = nameOf(message.subject ?? null);
  switch (kind) {
    case "joined":
    case "left":
    case "arrived":
    case "departed":
      return plural(`service.${kind}` as PluralKey, 1, { names: author });
    case "topic_changed":
      return text ? t("service.topic_changed", { author, text }) : t("service.topic_removed", { author });
    case "removed":
      return t(text ? "service.removed_reason" : "service.removed", { author, subject, text });
    case "role_changed":
      return t("service.role_changed", { author, subject, role: roleIn(text) });
    default:
      return t(`service.${kind}` as Key, { author, subject, text });
  }
}

/** "Alice, Bob came in · Carol stepped out", "Alice, Bob, Carol and 2 more came and went" */
export function foldText(messages: readonly Message[]): string {
  const { parts, more } = folded(messages);
  return parts
    .map(({ kind, names }) => {
      const listed = names.join(", ");
      const who = more > 0 ? plural("service.more", more, { names: listed }) : listed;
      // Two forms are enough: one person does something, or several do.
      return plural(`service.${kind}` as PluralKey, names.length === 1 ? 1 : 5, { names: who });
    })
    .join(" · ");
}

function nameOf(person: Person | null): string {
  return person?.display_name ?? t("message.server");
}

function roleIn(role: string): string {
  const key = `service.role.${role}`;
  return isKey(key) ? t(key) : role;
}
