import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDraft } from './draft';

/** Where a notebook keeps the configuration of its Spark server. */
export interface IStore {
  /** What the notebook carries; null for nothing, or nothing that can be read. */
  read(): IDraft | null;
  /** Puts a draft into the notebook in place of what it carries; null takes it out. */
  write(draft: IDraft | null): void;
}

/** The key in the notebook's metadata. */
export const KEY = 'gospark';

const secret = /passw|secret|token|credential|private|access\.?key/i;

/** Whether an option's name speaks of what must not stand in a file that people pass on. */
export function isSecret(key: string): boolean {
  return secret.test(key);
}

/** The form in the metadata. */
export interface IEncoded {
  version: 1;
  profile: string;
  bundles?: string[];
  master?: string;
  conf?: Record<string, string>;
}

/** Writes a draft for the metadata; secrets stay out. */
export function encodeDraft(draft: IDraft): IEncoded {
  const encoded: IEncoded = { version: 1, profile: draft.profile };
  if (draft.bundles) {
    encoded.bundles = [...draft.bundles];
  }
  if (draft.master) {
    encoded.master = draft.master;
  }
  const conf = draft.conf.filter(c => c.key && !isSecret(c.key));
  if (conf.length > 0) {
    encoded.conf = Object.fromEntries(conf.map(c => [c.key, c.value]));
  }
  return encoded;
}

/** Reads what {@link encodeDraft} wrote, or somebody's hand. */
export function decodeDraft(value: unknown): IDraft | null {
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  const { version, profile, bundles, master, conf } = value as Record<string, unknown>;
  if (version !== 1 || typeof profile !== 'string') {
    return null;
  }
  const settings = typeof conf === 'object' && conf !== null ? Object.entries(conf) : [];
  return {
    profile,
    bundles: Array.isArray(bundles) ? bundles.filter(b => typeof b === 'string') : null,
    master: typeof master === 'string' ? master : '',
    conf: settings.flatMap(([key, one]) => (typeof one === 'string' ? [{ key, value: one }] : []))
  };
}

/** One thing that differs between two configurations; an empty value is none, or what the profile says. */
export interface IDifference {
  what: string;
  stored: string;
  now: string;
}

/** What would change if the present draft took the place of the stored one. */
export function differences(stored: IDraft, now: IDraft): IDifference[] {
  const flat = (of: IEncoded): Map<string, string> =>
    new Map([
      ['profile', of.profile],
      ['bundles', of.bundles ? of.bundles.join(', ') || '–' : ''],
      ['master', of.master ?? ''],
      ...Object.entries(of.conf ?? {})
    ]);
  const [x, y] = [flat(encodeDraft(stored)), flat(encodeDraft(now))];
  return [...new Set([...x.keys(), ...y.keys()])]
    .map(what => ({ what, stored: x.get(what) ?? '', now: y.get(what) ?? '' }))
    .filter(d => d.stored !== d.now);
}

/** The store in a notebook's metadata, which is saved with the notebook. */
export function storeOf(panel: NotebookPanel): IStore | null {
  const model = panel.context.model;
  if (model.readOnly) {
    return null;
  }
  return {
    read: () => decodeDraft(model.getMetadata(KEY)),
    write: draft => {
      if (draft) {
        model.setMetadata(KEY, encodeDraft(draft));
      } else {
        model.deleteMetadata(KEY);
      }
    }
  };
}
