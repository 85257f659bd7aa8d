import type { Kernel } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { type Channel, Closed, Refused } from './channel';
import type { ILine, Links } from './links';
import * as protocol from './protocol';

/** Makes a kernel to talk to where no notebook has one. */
export interface IControl extends IDisposable {
  /** The one that was there before the page was loaded; null where none was. */
  resume(): Promise<Kernel.IKernelConnection | null>;
  start(): Promise<Kernel.IKernelConnection>;
  stop(): Promise<void>;
}

/** What a start may change of its profile. */
export interface IStart {
  profile: string;
  /** In place of those that the profile's files switch on; null for those. */
  bundles: readonly string[] | null;
  master: string;
  conf: Readonly<Record<string, string>>;
}

/**
 * What the panel, the status bar and the commands know of Spark, and what they
 * may ask. It follows one kernel at a time: the current notebook's, else the
 * control kernel.
 */
export class SparkModel implements IDisposable {
  constructor(
    private readonly control: IControl,
    private readonly links: Links
  ) {}

  /** Something of what is below has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** How the kernel stands to Spark; null where no kernel can be reached. */
  get status(): protocol.IStatus | null {
    return this._channel?.told?.status ?? null;
  }

  /** When {@link status} came, by this page's clock. */
  get statusTime(): number {
    return this._channel?.told?.time ?? 0;
  }

  get report(): protocol.IReport | null {
    return this._report;
  }

  /** What the last request was refused with, until the next one. */
  get failure(): protocol.IFailure | null {
    return this._failure;
  }

  /** A notebook's name, or empty for the control kernel or none. */
  get notebook(): string {
    return this._notebook;
  }

  /** A request is on its way. */
  get busy(): boolean {
    return this._asking > 0;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Follows a notebook's kernel; null for no notebook of ours. */
  follow(kernel: Kernel.IKernelConnection | null, notebook: string): void {
    if (kernel === null && this._notebook === '') {
      return; // the control kernel, if there is one, stays
    }
    const name = kernel === null ? '' : notebook;
    const isRenamed = name !== this._notebook;
    this._notebook = name;
    if (kernel !== null) {
      void this.control.stop();
    }
    this.attach(kernel);
    this.hold();
    if (isRenamed) {
      this._changed.emit();
    }
  }

  /** Goes on with the control kernel of the page before, unless a notebook has one. */
  async resume(): Promise<void> {
    const kernel = await this.control.resume();
    if (this._line) {
      await this.control.stop();
    } else if (kernel) {
      this.attach(kernel);
    }
  }

  /** Whether somebody looks at reports; they are sent only then. */
  watch(on: boolean): void {
    if (this._watching !== on) {
      this._watching = on;
      this._line?.want('watch', on);
      this.hold();
    }
  }

  /** Somebody wants to see the servers of all profiles. */
  get keeping(): boolean {
    return this._keeping;
  }

  /** Whether there is to be a kernel that tells of all servers, also where no notebook has one. */
  keep(on: boolean): void {
    if (this._keeping === on) {
      return;
    }
    this._keeping = on;
    this.hold();
    if (!on && (this.status?.state ?? 'detached') === 'detached') {
      void this.leaveControl();
    }
    this._changed.emit();
  }

  /** The channel to a kernel, for what nobody but the asker needs to know. */
  async channel(): Promise<Channel> {
    if (!this.isAttached()) {
      this._asking++;
      this._changed.emit();
      try {
        const kernel = await this.control.start();
        if (!this.isAttached()) {
          this.attach(kernel); // else a notebook came meanwhile
        }
      } finally {
        this._asking--;
        this._changed.emit();
      }
    }
    return this.open();
  }

  /** The open channel; null while there is none. */
  get current(): Channel | null {
    return this._line?.channel ?? null;
  }

  profiles(): Promise<protocol.IProfiles> {
    return this.question('profiles', {}, protocol.decodeProfiles);
  }

  /** A profile with these bundles; null for those that its files switch on. */
  profile(name: string, bundles: readonly string[] | null): Promise<protocol.IProfile> {
    const params: JSONObject = bundles ? { name, bundles: [...bundles] } : { name };
    return this.question('profile', params, protocol.decodeProfile);
  }

  /** The catalogue of Spark's properties; it is large and asked for once. */
  options(): Promise<protocol.IOption[]> {
    this._options ??= this.question('options', {}, protocol.decodeOptions).catch((why: unknown) => {
      this._options = null;
      throw why;
    });
    return this._options;
  }

  /** The settings of the session. */
  conf(): Promise<protocol.ISessionConf> {
    return this.question('conf', {}, protocol.decodeConf);
  }

  /** Sets one of them, or gives it its default again by null; tells the keys that Spark took without knowing them. */
  setConf(key: string, value: string | null): Promise<string[]> {
    const params: JSONObject = value === null ? { unset: [key] } : { set: { [key]: value } };
    return this.question('set_conf', params, protocol.decodeUnknown);
  }

  start(what: IStart): Promise<boolean> {
    const params: JSONObject = { profile: what.profile, conf: { ...what.conf } };
    if (what.bundles) {
      params.bundles = [...what.bundles];
    }
    if (what.master) {
      params.master = what.master;
    }
    return this.order('start', params);
  }

  /** Goes on to what the notebook wanted already. */
  again(): Promise<boolean> {
    return this.start({ profile: '', bundles: null, master: '', conf: {} });
  }

  connect(url: string): Promise<boolean> {
    return this.order('connect', { url });
  }

  cancelStart(): Promise<boolean> {
    return this.order('cancel_start', {});
  }

  async disconnect(): Promise<boolean> {
    const done = await this.order('disconnect', {});
    await this.leaveControl();
    return done;
  }

  /** Starts the server of a profile, to which nobody is connected then, and waits until it is ready. */
  startServer(profile: string): Promise<boolean> {
    return this.order('start_server', { profile }, false);
  }

  /** Stops the server of a profile; of the one in use where none is named. */
  async stop(force: boolean, profile = ''): Promise<boolean> {
    const done = await this.order('stop', profile ? { force, profile } : { force }, profile === '');
    if (done && profile === '') {
      await this.leaveControl();
    }
    return done;
  }

  /** Stops it and starts it again. */
  restart(force: boolean, profile = ''): Promise<boolean> {
    return this.order('restart', profile ? { force, profile } : { force }, profile === '');
  }

  cancel(operation: protocol.IOperation): Promise<boolean> {
    return this.order('cancel', {
      operation: operation.id,
      session: operation.session
    });
  }

  forgetFailure(): void {
    this._failure = null;
    this._changed.emit();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._line?.dispose();
    this.leaveChannel();
    this.control.dispose();
    Signal.clearData(this);
  }

  private async question<T>(request: string, params: JSONObject, decode: (result: unknown) => T): Promise<T> {
    const channel = await this.channel();
    return channel.ask(request, params, decode);
  }

  /** Has something done; what is refused is kept in {@link failure}. Others wait for it where it is short. */
  private async order(request: string, params: JSONObject, isShort = true): Promise<boolean> {
    this._asking += Number(isShort);
    this._failure = null;
    this._changed.emit();
    try {
      await this.question(request, params, protocol.decodeNothing);
      return true;
    } catch (why) {
      this._failure = failureOf(why);
      return false;
    } finally {
      this._asking -= Number(isShort);
      this._changed.emit();
    }
  }

  private isAttached(): boolean {
    return this._line !== null && !this._line.isDisposed;
  }

  /** Sees to it that there is a kernel while somebody looks at all servers. */
  private hold(): void {
    if (this._keeping && this._watching && !this.isAttached()) {
      this.channel().catch((why: unknown) => {
        this._failure = failureOf(why);
        this._changed.emit();
      });
    }
  }

  /** The control kernel has nothing to do when it holds no connection and nobody looks. */
  private async leaveControl(): Promise<void> {
    if (this._notebook === '' && !this._keeping) {
      this.attach(null);
      await this.control.stop();
    }
  }

  private attach(kernel: Kernel.IKernelConnection | null): void {
    if (this._kernel === kernel && !this._line?.isDisposed) {
      return;
    }
    this._line?.dispose();
    this._failure = null;
    this._kernel = kernel;
    this._line = kernel ? this.links.of(kernel) : null;
    this._line?.changed.connect(this.relink, this);
    this._line?.want('watch', this._watching);
    this.relink();
  }

  /** Listens to the channel of now; others may listen to it, too, and stay when this model goes. */
  private relink(): void {
    const channel = this.current;
    if (channel !== this._channel) {
      this.leaveChannel();
      this._channel = channel;
      channel?.status.connect(this.hearStatus, this);
      channel?.report.connect(this.hearReport, this);
    }
    this._changed.emit();
  }

  private leaveChannel(): void {
    this._channel?.status.disconnect(this.hearStatus, this);
    this._channel?.report.disconnect(this.hearReport, this);
    this._channel = this._report = null;
  }

  private hearStatus(): void {
    this._changed.emit();
  }

  private hearReport(_: Channel, report: protocol.IReport): void {
    this._report = report;
    this._changed.emit();
  }

  /** Waits for the line's channel. */
  private async open(): Promise<Channel> {
    const line = this._line;
    if (!line) {
      throw new Closed();
    }
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (line.channel) {
          resolve(line.channel);
        } else if (line.isDisposed) {
          reject(new Closed());
        } else {
          return;
        }
        line.changed.disconnect(look);
      };
      line.changed.connect(look);
      look();
    });
  }

  private _kernel: Kernel.IKernelConnection | null = null;
  private _line: ILine | null = null;
  private _channel: Channel | null = null;
  private _notebook = '';
  private _report: protocol.IReport | null = null;
  private _failure: protocol.IFailure | null = null;
  private _options: Promise<protocol.IOption[]> | null = null;
  private _asking = 0;
  private _watching = false;
  private _keeping = false;
  private _isDisposed = false;
  private readonly _changed = new Signal<this, void>(this);
}

/** The words for whatever a request was refused with. */
export function failureOf(why: unknown): protocol.IFailure {
  if (why instanceof Refused) {
    return why.failure;
  }
  const message = why instanceof Error ? why.message : String(why);
  return { name: '', message, advice: [], details: '', inUse: [] };
}
