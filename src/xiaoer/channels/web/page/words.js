/** The words of the interface: one catalogue a language, `words/<language>.json`. */

const LANGUAGES = ["zh", "en"];

/** One language's words of one part of the interface. */
export class Words {
  #catalogue;

  constructor(language, catalogue) {
    this.language = language;
    this.#catalogue = catalogue;
  }

  /** Says the words called `key` with `{names}` filled in. A key that is missing is shown as it stands. */
  say(key, values = {}) {
    return filled(this.#catalogue[key] ?? key, values);
  }

  /** Says the words for a code of the server (`state.shipped`), or `otherwise` where there are none. */
  term(group, code, otherwise = code, values = {}) {
    return filled(this.#catalogue[`${group}.${code}`] ?? otherwise, values);
  }

  /** The list called `key`. */
  list(key) {
    return this.#catalogue[key] ?? [];
  }

  /** Writes a moment for reading: the time alone today, the day before it otherwise. */
  moment(at) {
    const isToday = new Date(at).toDateString() === new Date().toDateString();
    const day = isToday ? {} : { month: "short", day: "numeric" };
    return format(at, this.language, { ...day, hour: "2-digit", minute: "2-digit" });
  }

  /** Writes a day for reading, with its year. */
  day(at) {
    return format(at, this.language, { year: "numeric", month: "short", day: "numeric" });
  }
}

function filled(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

function format(at, language, parts) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at ?? "") : new Intl.DateTimeFormat(language, parts).format(date);
}

/** The words of a language could not be fetched. */
export class WordsError extends Error {}

/** Fetches the words of one part (`widget`, `storefront`) in one language. Throws WordsError. */
export async function fetchWords(base, part, language) {
  const address = new URL(`web/words/${language}.json`, base);
  const answer = await fetch(address).catch((error) => {
    throw new WordsError(`No words from ${address}: ${error.message}`);
  });
  if (!answer.ok) throw new WordsError(`No words from ${address}: the server answered ${answer.status}.`);
  return new Words(language, (await answer.json())[part]);
}

/** The first wish that names a language we have (`zh-CN` is `zh`); English where none does. */
export function chooseLanguage(...wishes) {
  const known = wishes.map((wish) => (wish ?? "").slice(0, 2).toLowerCase()).filter((wish) => LANGUAGES.includes(wish));
  return known[0] ?? "en";
}
