import { computed, ref, watchEffect } from "vue";
import { clock } from "../text/clock";
import { toldBy } from "../text/commands";
import { lasting, recall, remember } from "../text/storage";
import type { CountKey, Key, PluralKey } from "./en";
import { isKey, LOCALES, preferredLocale, translate, translateCount, translatePlural } from "./translate";
import type { Locale, Params } from "./translate";

const chosen = recall<Locale>(lasting, "language");

/** The language of the interface; switching it redraws everything. */
export const locale = ref<Locale>(chosen && LOCALES.includes(chosen) ? chosen : preferredLocale(navigator.languages));

export const localClock = computed(() => clock(locale.value));

watchEffect(() => (document.documentElement.lang = locale.value));

export function chooseLanguage(language: Locale): void {
  locale.value = language;
  remember(lasting, "language", language);
  // The pages for signing in are made by the server, which cannot see what the browser remembers.
  document.cookie = `besedka_locale=${language}; path=/; max-age=31536000; samesite=lax`;
}

export function t(key: Key, params?: Params): string {
  return translate(locale.value, key, params);
}

export function plural(key: PluralKey, count: number, params?: Params): string {
  return translatePlural(locale.value, key, count, params);
}

export function countUpTo(most: number, key: CountKey, count: number): string {
  return translateCount(locale.value, key, count, most);
}

/** A refusal in the reader's language, or in the server's words where we have none. */
export function errorText(code: string, message = ""): string {
  const { word, usage } = toldBy(message);
  if (code === "unknown_command" && word) {
    return usage ? t("error.unknown_command_near", { word, usage }) : t("error.unknown_command", { word });
  }
  if (code === "wrong_arguments" && usage) return t("error.wrong_arguments", { usage });
  if (code === "unknown_command" || code === "wrong_arguments") return message || t("error.unknown");
  const key = `error.${code}`;
  if (isKey(key)) return t(key);
  return message || t("error.unknown");
}
