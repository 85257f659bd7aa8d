import type { IOption, ISessionConf } from './protocol';

/** One setting of the session, as a list shows it. */
export interface ISettingRow {
  key: string;
  /** Its value, or its default where it is not set. */
  value: string;
  /** `set` by somebody, its default, or `fixed` since the start of the server. */
  state: 'set' | 'default' | 'fixed';
  hidden: boolean;
  option: IOption | undefined;
}

const order: Record<ISettingRow['state'], number> = { set: 0, default: 1, fixed: 2 };
const wholeKey = /^[\w-]+(\.[\w-]+)+$/;

/**
 * The settings with all words of a text in their key or description, keys first. Without a text those that have a value.
 * A text that can only be a whole key is a row of its own: Spark takes keys that nobody has documented, too.
 */
export function settingRows(
  conf: ISessionConf,
  catalogue: ReadonlyMap<string, IOption>,
  text: string
): ISettingRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const row = (
    key: string,
    value: string | null,
    state: ISettingRow['state'],
    hidden = false
  ): ISettingRow => {
    const option = catalogue.get(key);
    return { key, value: value ?? option?.default ?? '', state, hidden, option };
  };
  const all = [
    ...conf.settings.map(s => row(s.key, s.value, s.fixed ? 'fixed' : 'set', s.hidden)),
    ...(words.length > 0 ? conf.unset.map(key => row(key, null, 'default')) : [])
  ];
  const inKey = (r: ISettingRow): boolean => words.every(w => r.key.toLowerCase().includes(w));
  const found = all.filter(r => {
    const where = `${r.key} ${r.option?.about ?? ''}`.toLowerCase();
    return words.every(w => where.includes(w));
  });
  const key = text.trim();
  if (wholeKey.test(key) && !found.some(r => r.key.startsWith(key))) {
    found.push(row(key, null, 'default'));
  }
  const rank = (r: ISettingRow): number => (inKey(r) ? 0 : 10) + order[r.state];
  return found.sort((a, b) => rank(a) - rank(b) || a.key.localeCompare(b.key));
}
