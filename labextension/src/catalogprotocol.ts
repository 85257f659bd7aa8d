/** The comm's messages about the catalog, as docs/comm.md describes them. */

import { amount, fields, list, text } from './decode';

export type Kind =
  | 'catalog'
  | 'schema'
  | 'table'
  | 'view'
  | 'temporary view'
  | 'global temporary view'
  | 'column';

export interface IEntry {
  name: string;
  kind: Kind;
  /** Of a catalog or schema: what it is asked by. Of a table that was found: where it is. */
  path: string[];
  /** What is written in a query, quoted where it has to be. */
  sql: string;
  type: string;
  table: string;
  current: boolean;
}

export interface IEntries {
  entries: IEntry[];
  /** How many more there are. */
  left: number;
  /** In how many schemas nobody has looked. */
  unseen: number;
}

const kinds: readonly Kind[] = [
  'catalog',
  'schema',
  'table',
  'view',
  'temporary view',
  'global temporary view',
  'column'
];

export function decodeEntries(value: unknown): IEntries {
  const f = fields(value);
  return {
    entries: list(f.entries, one => {
      const e = fields(one);
      return {
        name: text(e.name),
        kind: kinds.find(k => k === e.kind) ?? 'table',
        path: list(e.path, text),
        sql: text(e.sql),
        type: text(e.type),
        table: text(e.table),
        current: e.current === true
      };
    }),
    left: amount(f.left),
    unseen: amount(f.unseen)
  };
}

/** A table's rows as text by MIME type. */
export function decodePreview(value: unknown): Record<string, string> {
  const data = fields(fields(value).data);
  return Object.fromEntries(Object.entries(data).map(([type, content]) => [type, text(content)]));
}

/** Whether it has rows that can be looked at. */
export function isTable(kind: Kind): boolean {
  return kind !== 'catalog' && kind !== 'schema' && kind !== 'column';
}
