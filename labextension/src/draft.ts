import type { IBundle, IKeyValue, IOption, IProfile, ISetting } from './protocol';
import type { IStart } from './model';

/** What a person has chosen for the next start, beside the profile. */
export interface IDraft {
  profile: string;
  /** The bundles that are on; null for those that the profile's files switch on. */
  bundles: string[] | null;
  master: string;
  conf: IKeyValue[];
}

/** What is odd about one setting of a draft; empty where nothing is. */
export interface IRemark {
  kind: 'error' | 'warning' | 'note';
  text: string;
  /** Words to put in place of %1, in turn. */
  args: string[];
}

const size = /^\d+(\.\d+)?\s*[bkmgtp]?b?$/i;
const span = /^-?\d+\s*(us|ms|s|m|min|h|d)?$/i;

/**
 * Looks at a value by what the option's default is: a truth value, a number, a
 * size or a time. Spark has the last word.
 */
export function checkValue(option: IOption | undefined, value: string): IRemark | null {
  const sample = option?.default ?? '';
  const say = (text: string): IRemark => ({ kind: 'error', text, args: [value] });
  if (value.trim() === '') {
    return { kind: 'error', text: 'A value is missing.', args: [] };
  }
  if (value.includes('$')) {
    return null; // a variable, which the server puts in
  }
  if (/^(true|false)$/.test(sample) && !/^(true|false)$/i.test(value)) {
    return say('“%1” is neither true nor false.');
  }
  if (/^-?\d+$/.test(sample) && !/^-?\d+$/.test(value) && !size.test(value) && !span.test(value)) {
    return say('“%1” is no whole number.');
  }
  if (/^\d+\.\d+$/.test(sample) && Number.isNaN(Number(value))) {
    return say('“%1” is no number.');
  }
  if (/^\d+m$/i.test(sample)) {
    return size.test(value) || span.test(value) ? null : say('“%1” is no size and no time: write 512m.');
  }
  if (/^\d+[kmgt]b?$/i.test(sample) && !size.test(value)) {
    return say('“%1” is no size: write 512m or 4g.');
  }
  if (/^\d+(ms|s|min|h|d)$/i.test(sample) && !span.test(value)) {
    return say('“%1” is no time: write 30s or 10m.');
  }
  return null;
}

/** What is odd about the address of a Spark Connect server; null where nothing is. */
export function checkAddress(address: string): IRemark | null {
  return /^sc:\/\/[^/;\s]+(\/(;\S*)?)?$/.test(address)
    ? null
    : { kind: 'error', text: 'Write sc://host:port, with /;use_ssl=true behind it for TLS.', args: [] };
}

/** What the profile says of a key that a draft changes. */
export function checkOverride(settings: readonly ISetting[], key: string): IRemark | null {
  const set = settings.find(s => s.name === `conf.${key}`);
  if (!set) {
    return null;
  }
  const value = set.hidden ? '…' : set.value;
  if (set.locked) {
    return {
      kind: 'warning',
      text: 'An administrator set this to %1 and locked it (%2).',
      args: [value, set.origin]
    };
  }
  if (set.bundle) {
    return { kind: 'warning', text: 'Overrides %1, which the bundle %2 sets.', args: [value, set.bundle] };
  }
  return { kind: 'warning', text: 'Overrides %1, which the profile sets (%2).', args: [value, set.origin] };
}

/** Options with a text in their key or description, by category; the most relevant first. */
export function searchOptions(all: readonly IOption[], text: string, most: number): Map<string, IOption[]> {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (o: IOption): number => (words.every(w => o.key.toLowerCase().includes(w)) ? 0 : 1);
  const found = all
    .filter(o => {
      const where = `${o.key} ${o.category} ${o.about}`.toLowerCase();
      return words.every(w => where.includes(w));
    })
    .sort((a, b) => rank(a) - rank(b) || a.key.length - b.key.length)
    .slice(0, most);
  const groups = new Map<string, IOption[]>();
  for (const option of found) {
    const group = groups.get(option.category) ?? [];
    group.push(option);
    groups.set(option.category, group);
  }
  return groups;
}

/** A bundle of a profile, or the name of one that it does not have; on, or not. */
export interface IChoice {
  name: string;
  isOn: boolean;
  bundle: IBundle | null;
}

/** The bundles that may be chosen, and those that were and are not there. */
export function choicesOf(profile: IProfile, draft: IDraft): IChoice[] {
  const on = draft.bundles ?? profile.bundles.filter(b => b.on).map(b => b.name);
  const there = profile.bundles.map(bundle => ({
    name: bundle.name,
    isOn: on.includes(bundle.name),
    bundle
  }));
  const known = new Set(there.map(c => c.name));
  return [...there, ...on.filter(name => !known.has(name)).map(name => ({ name, isOn: true, bundle: null }))];
}

/** The draft's bundles after one was switched; null where they are the profile's own. */
export function switched(profile: IProfile, draft: IDraft, name: string): string[] | null {
  const now = choicesOf(profile, draft).map(c => (c.name === name ? { ...c, isOn: !c.isOn } : c));
  const on = now.filter(c => c.isOn).map(c => c.name);
  return now.every(c => c.isOn === (c.bundle?.on ?? false)) ? null : on;
}

/** One thing in which a start differs from the profile as its files have it; an empty value is none. */
export interface IChange {
  what: string;
  before: string;
  after: string;
  /** The bundle that was switched; empty for what a person chose alone. */
  bundle: string;
}

/**
 * What bundles, master and options change. `own` is the profile as its files have it, `chosen` the same with the
 * bundles of the draft.
 */
export function review(
  own: readonly ISetting[],
  chosen: readonly ISetting[],
  draft: IDraft,
  isSecret: (key: string) => boolean
): IChange[] {
  const [before, after] = [byName(own), byName(chosen)];
  const changes: IChange[] = [];
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [x, y] = [before.get(name), after.get(name)];
    if (x?.value !== y?.value || (y?.hidden && x?.origin !== y.origin)) {
      const bundle = (y?.bundle || x?.bundle) ?? '';
      changes.push({ what: short(name), before: x?.value ?? '', after: y?.value ?? '', bundle });
    }
  }
  const put = (what: string, name: string, value: string): void => {
    const now = after.get(name);
    if (value !== now?.value) {
      const at = changes.findIndex(c => c.what === what);
      const old = at < 0 ? (now?.value ?? '') : (changes[at]?.before ?? '');
      changes.splice(at < 0 ? changes.length : at, at < 0 ? 0 : 1, {
        what,
        before: old,
        after: value,
        bundle: ''
      });
    }
  };
  if (draft.master) {
    put('master', 'master', draft.master);
  }
  for (const [key, value] of Object.entries(confOf(draft))) {
    put(key, `conf.${key}`, isSecret(key) ? '…' : value);
  }
  return changes;
}

/** The settings that reach a server, by name. */
function byName(settings: readonly ISetting[]): Map<string, ISetting> {
  return new Map(settings.filter(s => /^(conf\.|env\.|master$)/.test(s.name)).map(s => [s.name, s]));
}

/** Properties are known by their keys; variables keep the word before them. */
function short(name: string): string {
  return name.replace(/^conf\./, '');
}

/** A draft's settings by key; of several with one key the last counts. */
export function confOf(draft: IDraft): Record<string, string> {
  return Object.fromEntries(draft.conf.filter(c => c.key).map(c => [c.key, c.value]));
}

/** A draft as it is asked for. */
export function startOf(draft: IDraft): IStart {
  return { profile: draft.profile, bundles: draft.bundles, master: draft.master, conf: confOf(draft) };
}
