import type { ISettingRegistry } from '@jupyterlab/settingregistry';

/** What schema/plugin.json lets a person choose. */
export interface ISettings {
  side: 'left' | 'right';
  statusBar: boolean;
  /** How cells show what Spark does for them. */
  monitor: 'open' | 'line' | 'off';
}

const monitors: readonly ISettings['monitor'][] = ['open', 'line', 'off'];

/** The settings; without a registry, or where they cannot be read, the defaults. */
export async function readSettings(registry: ISettingRegistry | null, id: string): Promise<ISettings> {
  try {
    const composite = (await registry?.load(id))?.composite;
    return {
      side: composite?.['side'] === 'right' ? 'right' : 'left',
      statusBar: composite?.['statusBar'] !== false,
      monitor: monitors.find(m => m === composite?.['monitor']) ?? 'open'
    };
  } catch {
    return { side: 'left', statusBar: true, monitor: 'open' };
  }
}
