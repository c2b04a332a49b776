/** How things are named on the page, neutrally: somebody says, nobody is right. */

const ACTS: Record<string, string> = {
  asserts: "says",
  reports: "reports",
  denies: "denies",
  accuses: "accuses",
  downplays: "plays down",
  dismisses: "dismisses",
  predicts: "predicts",
  warns: "warns",
  urges: "urges",
  proposes: "proposes",
  labels: "labels",
  insinuates: "insinuates",
  declines: "declines to comment",
};

const STATUSES: Record<string, [string, string]> = {
  fact: ["told as fact", "At least one source tells it as having happened, in its own voice"],
  claimed: ["claimed", "Somebody is quoted as saying so"],
  contested: ["contested", "Some say it happened, some deny it"],
  hypothetical: ["hypothetical", "It is spoken of as possible"],
  proposed: ["proposed", "It is proposed or planned"],
  negated: ["said not to be", "It is said not to have happened"],
};

const FACETS: Record<string, string> = {
  occurrence: "whether it happened",
  perpetrator: "who did it",
  casualties: "casualties",
  damage: "damage",
  motive: "why",
  evidence: "evidence",
  "launch origin": "launched from where",
  responsibility: "who owns it",
};

const KINDS: Record<string, string> = {
  denial: "one asserts, the other denies",
  number: "different numbers",
  degree: "different degree",
  contradiction: "cannot both hold",
  tension: "hardly fit together",
  shift: "changed its story",
};

const ECHOES: Record<string, [string, string]> = {
  first: ["first seen", "first seen"],
  echo: ["echo", "echoes"],
  forward: ["forward", "forwards"],
  copy: ["copy", "copies"],
  translation: ["translation", "translations"],
};

const MODES: Record<string, string> = {
  direct: "direct quote",
  indirect: "reported speech",
  mixed: "partly quoted",
  "free-indirect": "free indirect",
  "own-voice": "own voice",
};

const TYPES: Record<string, string> = {
  AGREE: "agreement",
  CONSULT: "talks",
  SUPPORT: "support",
  CONCEDE: "concession",
  COOPERATE: "cooperation",
  AID: "aid",
  RETREAT: "retreat",
  REQUEST: "request",
  ACCUSE: "accusation",
  REJECT: "rejection",
  THREATEN: "threat",
  PROTEST: "protest",
  SANCTION: "sanction",
  MOBILIZE: "mobilization",
  COERCE: "coercion",
  ASSAULT: "assault",
  OTHER: "other",
};

/** PLOVER modes; where a mode is told of several types, it means the same in each. */
const DEEDS: Record<string, string> = {
  abduct: "abduction",
  access: "opening of access",
  allege: "accusation",
  arrest: "arrest",
  assassinate: "assassination",
  ban: "ban",
  beat: "beating",
  boycott: "boycott",
  ceasefire: "ceasefire",
  censor: "censorship",
  cleansing: "ethnic cleansing",
  convict: "conviction",
  "crowd-control": "crowd control",
  cyber: "cyber attack",
  demo: "demonstration",
  deport: "deportation",
  destroy: "destruction",
  disapprove: "disapproval",
  disarm: "disarmament",
  discontinue: "breaking off",
  drone: "drone attack",
  espionage: "espionage",
  execute: "execution",
  exercise: "military exercise",
  expel: "expulsion",
  explosives: "attack with explosives",
  firearms: "attack with firearms",
  "heavy-weapons": "attack with heavy weapons",
  investigate: "investigation",
  "martial-law": "martial law",
  obstruct: "obstruction",
  phone: "talks by phone",
  primitive: "attack without firearms",
  release: "release",
  resign: "resignation",
  restrict: "restriction",
  return: "return",
  riot: "riot",
  seize: "seizure",
  sexual: "sexual assault",
  strike: "strike",
  "strike-hun": "hunger strike",
  "suicide-attack": "suicide attack",
  "third-party": "mediation",
  torture: "torture",
  troops: "mobilization of troops",
  unconventional: "attack with unconventional weapons",
  visit: "visit",
  weapons: "mobilization of weapons",
  withdraw: "withdrawal",
  withhold: "withholding",
};

const RELATIONS: Record<string, string> = {
  ally: "is an ally of",
  supports: "supports",
  "part-of": "is part of",
  "created-by": "was created by",
  "proxy-of": "is a proxy of",
  cooperates: "cooperates with",
  hostile: "is hostile to",
  attacks: "attacks",
  "threat-to": "is a threat to",
  accuses: "accuses",
};

export const act = (name: string) => ACTS[name] ?? name;
export const status = (name: string) => STATUSES[name]?.[0] ?? name;
export const statusHelp = (name: string) => STATUSES[name]?.[1] ?? "";
export const facet = (name: string) => FACETS[name] ?? name;
export const conflictKind = (name: string) => KINDS[name] ?? name;
export const echoKind = (name: string) => ECHOES[name]?.[0] ?? name;
export const echoCount = (value: number, name: string) => count(value, ...(ECHOES[name] ?? [name, name]));
export const mode = (name: string) => MODES[name] ?? name;
/** What kind of event it is, in a word or three. */
export function eventKind({ type, other_type, mode }: { type: string; other_type: string; mode: string }): string {
  const deed = DEEDS[mode] ?? mode.replaceAll("-", " ");
  if (type === "THREATEN") return deed ? `threat of ${deed}` : TYPES.THREATEN!;
  return deed || (type === "OTHER" && other_type) || (TYPES[type] ?? type.toLowerCase());
}

export const relation = (name: string) => RELATIONS[name] ?? name;

const NUMBER = new Intl.NumberFormat("en-GB");
export const number = (value: number) => NUMBER.format(value);

/** `3 claims`, `1 claim`. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

export function language(code: string): string {
  if (!code) return "unknown language";
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** An ISO 8601 time as a person writes it; what is not known is not shown. */
export function when(iso: string): string {
  const match = ISO.exec(iso);
  if (!match) return iso || "no date";
  const [, year, month, day, time, zone] = match;
  if (!month) return year!;
  const named = `${MONTHS[Number(month) - 1] ?? month} ${year}`;
  if (!day) return named;
  const date = `${Number(day)} ${named}`;
  if (!time) return date;
  return `${date}, ${time}${zone ? (/^Z|\+00:?00$/.test(zone) ? " UTC" : ` ${zone}`) : ""}`;
}

export function span(start: string, end: string): string {
  if (!start) return "no date";
  const [first, last] = [start.slice(0, 10), end.slice(0, 10)];
  if (first.endsWith("-01-01") && last.endsWith("-12-31")) {
    return first.slice(0, 4) === last.slice(0, 4) ? first.slice(0, 4) : `${first.slice(0, 4)}–${last.slice(0, 4)}`;
  }
  if (first.endsWith("-01") && last === monthEnd(first)) return when(first.slice(0, 7));
  const [from, to] = [when(start), when(end)];
  if (!end || from === to) return from;
  const day = `${from.split(",")[0]}, `;
  return from.includes(",") && to.startsWith(day) ? `${from} – ${to.slice(day.length)}` : `${from} – ${to}`;
}

/** A tick of a time axis: the hour within a day, else the day, the month or the year it begins. */
export function tick(time: Date): string {
  const iso = time.toISOString();
  if (iso.slice(11, 16) !== "00:00") return iso.slice(11, 16);
  const [year, month, day] = [iso.slice(0, 4), MONTHS[time.getUTCMonth()], time.getUTCDate()];
  if (day !== 1) return `${day} ${month}`;
  return time.getUTCMonth() === 0 ? year : `1 ${month}`;
}

function monthEnd(day: string): string {
  const end = new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0));
  return Number.isNaN(end.getTime()) ? "" : end.toISOString().slice(0, 10);
}

/** Milliseconds since 1970 UTC, or null. Times without a zone are read as UTC, as the axis has only one clock. */
export function instant(iso: string): number | null {
  const match = ISO.exec(iso);
  if (!match) return null;
  const zoned = match[4] && !match[5] ? `${iso.replace(" ", "T")}Z` : iso;
  const value = Date.parse(zoned);
  return Number.isNaN(value) ? null : value;
}

/** Seconds as `12 min`, `1 h 35 min`, `2 days 3 h`. */
export function lag(seconds: number | null): string {
  if (seconds === null) return "cannot be told";
  if (seconds === 0) return "0";
  const minutes = Math.round(Math.abs(seconds) / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts = days
    ? [count(days, "day"), hours ? `${hours} h` : ""]
    : [hours ? `${hours} h` : "", rest || !hours ? `${rest} min` : ""];
  return (seconds < 0 ? "−" : "+") + parts.filter(Boolean).join(" ");
}

/** An account's value: numbers as bounds, blame as names. */
export function accountValue(
  account: { facet: string; value: string; min: number | null; max: number | null },
  blamed: string,
): string {
  const value = account.value.replace(/^not /, "");
  const denied = value === account.value ? "" : "not ";
  switch (account.facet) {
    case "casualties":
      return [bounds(account.min, account.max), withWhat(account.value, "")].filter(Boolean).join(" ");
    case "damage":
      return denied + withWhat(value, " damage").replace(/^none/, "no");
    case "occurrence":
      return account.value === "no" ? "did not happen" : account.value === "yes" ? "happened" : account.value;
    case "perpetrator":
    case "responsibility":
      return denied + (blamed || value);
    case "evidence":
      return account.value === "none" ? "no evidence" : "evidence";
    case "launch origin":
      return `${denied}from ${value}`;
    default:
      return account.value;
  }
}

/** `killed dockers` as `killed (dockers)`. */
function withWhat(value: string, noun: string): string {
  const [first = "", ...what] = value.split(" ");
  const whom = what.join(" ");
  return first + noun + (whom && whom !== "people" ? ` (${whom})` : "");
}

function bounds(min: number | null, max: number | null): string {
  if (min === null && max === null) return "";
  if (min === null) return `at most ${number(max!)}`;
  if (max === null) return `at least ${number(min)}`;
  return min === max ? (min === 0 ? "none" : number(min)) : `${number(min)}–${number(max)}`;
}
