import type { CountKey, Dictionary, Key, Plural, PluralKey } from "./en";
import { en } from "./en";
import { ru } from "./ru";
import { uk } from "./uk";

export const LOCALES = ["en", "ru", "uk"] as const;
export type Locale = (typeof LOCALES)[number];
export const LANGUAGE_NAMES: Record<Locale, string> = { en: "English", ru: "Русский", uk: "Українська" };

export type Params = Record<string, string | number>;

const dictionaries: Record<Locale, Dictionary> = { en, ru, uk };

export function translate(locale: Locale, key: Key, params: Params = {}): string {
  const entry: string | Plural = dictionaries[locale][key];
  return filled(typeof entry === "string" ? entry : entry.other, params);
}

/** The form of a phrase that the language wants for a number: one room, two rooms, пять комнат. */
export function translatePlural(locale: Locale, key: PluralKey, count: number, params: Params = {}): string {
  const forms: Plural = dictionaries[locale][key];
  const form = new Intl.PluralRules(locale).select(count) as keyof Plural;
  return filled(forms[form] ?? forms.other, { count, ...params });
}

/** The same where nobody counted further than `most`: from there on, more than all before it. */
export function translateCount(locale: Locale, key: CountKey, count: number, most: number): string {
  if (count < most) return translatePlural(locale, key, count);
  return translate(locale, `${key}_over`, { count: most - 1 });
}

export function isKey(key: string): key is Key {
  return key in en;
}

/** The first of the browser's languages that we speak. */
export function preferredLocale(wanted: readonly string[]): Locale {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    const found = LOCALES.find((locale) => locale === language);
    if (found) return found;
  }
  return "en";
}

function filled(phrase: string, params: Params): string {
  return phrase.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
