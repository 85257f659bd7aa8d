import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { CatalogModel } from '../catalogmodel';
import type { IEntry } from '../catalogprotocol';
import type { SparkModel } from '../model';
import type { IStore } from '../stored';

/** What the panel can have done elsewhere in the page. */
export interface IActions {
  /** The log of a profile's server; of the one in use where none is named. */
  openLog(profile?: string): void;
  openUI(): void;
  /** Writes a name of the catalog into the current cell. */
  insertName(sql: string): void;
  preview(entry: IEntry): void;
  /** Puts code into a new cell of the notebook; absent where none is open. */
  insert: ((code: string) => void) | null;
  /** The configuration in the metadata of the notebook; absent where none is open. */
  store: IStore | null;
  confirm(title: string, lines: string[], accept: string): Promise<boolean>;
}

export interface IScope {
  model: SparkModel;
  catalog: CatalogModel;
  actions: IActions;
  trans: TranslationBundle;
}

const Scope = React.createContext<IScope | null>(null);

export const ScopeProvider = Scope.Provider;

/** The model, the actions and the translator of the panel around. */
export function useScope(): IScope {
  const scope = React.useContext(Scope);
  if (!scope) {
    throw new Error('a view of the Spark panel is outside of it');
  }
  return scope;
}
