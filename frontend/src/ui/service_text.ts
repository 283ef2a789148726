import { plural, t } from "../i18n";
import type { Key, PluralKey } from "../i18n/en";
import { isKey } from "../i18n/translate";
import { foldedByKind } from "../log/timeline";
import type { Message, Person } from "../wire/shapes";

const NAMED_IN_FOLD = 3;

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

/** "Alice, Bob and 2 more came in · Carol stepped out" */
export function foldText(messages: readonly Message[]): string {
  return foldedByKind(messages)
    .map(({ kind, names }) => {
      // Two forms are enough: one person does something, or several do.
      const several = names.length === 1 ? 1 : 5;
      return plural(`service.${kind}` as PluralKey, several, { names: listed(names) });
    })
    .join(" · ");
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, NAMED_IN_FOLD).join(", ");
  const more = names.length - NAMED_IN_FOLD;
  return more > 0 ? plural("service.more", more, { names: first }) : first;
}

function nameOf(person: Person | null): string {
  return person?.display_name ?? t("message.server");
}

function roleIn(role: string): string {
  const key = `service.role.${role}`;
  return isKey(key) ? t(key) : role;
}
