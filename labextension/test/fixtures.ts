import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JSONObject } from '@lumino/coreutils';
import type { IWire } from '../src/channel';

const folder = join(import.meta.dirname, '../../notebook/testdata/comm');

/** A message as docs/comm.md has it; the Go tests read the same file. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
}

export function fixtureNames(): string[] {
  return readdirSync(folder).map(file => file.replace(/\.json$/, ''));
}

/** The answer of a fixture, to another question. */
export function answer(name: string, id: unknown): unknown {
  return { ...(fixture(name) as object), id };
}

/** A comm whose other side is the test. */
export class Wire implements IWire {
  readonly sent: JSONObject[] = [];
  isClosed = false;
  onMessage: (data: unknown) => void = () => undefined;
  onClosed: () => void = () => undefined;

  send(data: JSONObject): void {
    this.sent.push(data);
  }

  close(): void {
    this.isClosed = true;
  }

  get last(): JSONObject {
    return this.sent.at(-1) ?? {};
  }
}
