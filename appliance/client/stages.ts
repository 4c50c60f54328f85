import { toB64u } from '#protocol/codec/text-form.ts';
import { readCode, type JoinCode } from '#protocol/mission/code.ts';
import type { Engine } from '#protocol/ports.ts';
import { Arrivals } from './arrivals.ts';
import { OpenCarrier } from './exchange.ts';
import { Founding } from './founding.ts';
import type { FoundingRecord } from './founding-record.ts';
import { enterFounding, proposeFounding } from './founding-start.ts';
import { forgetAll } from './forgetting.ts';
import { Joining, type JoiningRecord } from './joining.ts';
import { NewDevice } from './linking/new-device.ts';
import { callsOf, missionView } from './mission-view.ts';
import { Mission } from './mission.ts';
import type { MissionDraft } from './model.ts';
import { OpenDoor } from './open-door.ts';
import type { DeviceKeys, Platform } from './ports.ts';
import { problem, shown } from './problem.ts';
import type { SelfRecord } from './self.ts';
import type { Snapshot } from './snapshot.ts';
import { foundingDeps, joiningDeps, newDeviceDeps, type Ground } from './stage-deps.ts';
import { Vault } from './vault.ts';

const nothingElse = { founding: undefined, joining: undefined, linking: undefined };

/**
 * Where a device is: before its box, in a founding, joining, or in its mission. One of them at a
 * time, each taken up again after a restart from the one record that says so.
 */
export class Stages {
  readonly #platform: Platform;
  readonly #engine: Engine;
  readonly #snapshot: Snapshot;
  readonly #door: OpenDoor;
  readonly #arrivals: Arrivals;
  readonly #vault: Vault;
  readonly #whole = new AbortController();
  /** Ends what runs for the present stage. */
  #present = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #founding: Founding | undefined;
  #joining: Joining | undefined;
  #linked: NewDevice | undefined;
  #mission: Mission | undefined;
  #isArriving = false;

  constructor(platform: Platform, engine: Engine, snapshot: Snapshot) {
    this.#platform = platform;
    this.#engine = engine;
    this.#snapshot = snapshot;
    this.#door = new OpenDoor(new OpenCarrier(platform.network));
    this.#arrivals = new Arrivals(this.#door, platform.clock);
    this.#vault = new Vault(platform.storage.records, platform.keys);
  }

  /** Aborts when the engine stops. */
  get signal(): AbortSignal {
    return this.#whole.signal;
  }

  get mission(): Mission | undefined {
    return this.#mission;
  }

  get founding(): Founding | undefined {
    return this.#founding;
  }

  /** This device, while it is becoming a further one of somebody. */
  get linked(): NewDevice | undefined {
    return this.#linked;
  }

  /** Takes up where the device was. */
  async open(): Promise<void> {
    const self = await this.#vault.get<SelfRecord>('self');
    const founding = await this.#vault.get<FoundingRecord>('founding');
    const joining = await this.#vault.get<JoiningRecord>('joining');
    if (self) await this.#beMember(self);
    else if (founding) this.#found(founding);
    else if (joining) this.#join(new Joining(joiningDeps(this.#ground()), { record: joining }));
    else this.#welcome();
  }

  async stop(): Promise<void> {
    // As long as there is a link: the other end of a call hears that it is over.
    await this.#mission?.stop();
    this.#whole.abort();
    this.#present.abort();
    await Promise.all(this.#running);
  }

  /** Takes a code that was scanned, typed or opened. */
  async enter(text: string): Promise<void> {
    const read = readCode(text);
    if (!read.ok) throw problem('CODE_UNREADABLE', new Error(read.why));
    const code = read.value;
    if (code.kind === 'device') {
      if (!this.#mission) throw problem('CODE_OF_DEVICE');
      await this.#mission.linking.begin(code);
      return;
    }
    if (this.#isOurs(code)) return;
    if (this.#mission) throw problem('CODE_OTHER_MISSION');
    const box = await this.#arrivals.expect(code, this.signal);
    this.#snapshot.change({ box });
    if (code.kind === 'box') return;
    if (this.#founding) throw problem('CODE_OTHER_MISSION');
    if (code.kind === 'founding') {
      const record = await enterFounding(this.#door, code, this.signal);
      await this.#vault.write([{ key: 'founding', value: record }]);
      this.#found(record);
    } else {
      this.#join(new Joining(joiningDeps(this.#ground()), { code }));
    }
  }

  async propose(draft: MissionDraft, startOver: boolean): Promise<void> {
    this.#checkFree();
    const box = await this.#arrivals.boxHash(this.signal);
    const { openingKey } = this.#arrivals;
    if (startOver && !openingKey) throw problem('FOUNDING_KEY_MISSING');
    const place = { box, ...(startOver && openingKey && { openingKey }) };
    const record = await proposeFounding(this.#engine, this.#door, place, draft, this.signal);
    await this.#vault.write([{ key: 'founding', value: record }]);
    this.#found(record);
  }

  /** Shows a code, by which a device in the mission takes this one in (J9); with keys of its own. */
  async beLinked(): Promise<void> {
    this.#checkFree();
    const box = await this.#arrivals.boxHash(this.signal);
    await forgetAll(this.#platform, this.#vault);
    const linked = new NewDevice(await newDeviceDeps(this.#ground(), box));
    this.#change();
    this.#linked = linked;
    this.refresh();
    this.#run(linked.run(this.#present.signal));
    this.#watchBox();
  }

  async join(displayName: string): Promise<void> {
    const joining = this.#joining;
    if (!joining) throw problem('NOT_IN_MISSION');
    await joining.join(displayName);
    this.#run(joining.run(this.#present.signal));
  }

  /** Back to welcome, with nothing left: keys of an ended founding or claim serve nothing else. */
  async leave(): Promise<void> {
    if (this.#mission) throw problem('FOUNDING_STEP');
    await this.#founding?.leave(this.signal);
    await this.#linked?.leave(this.signal);
    this.#change();
    await forgetAll(this.#platform, this.#vault);
    this.#welcome();
  }

  /** Back to welcome after the mission's end; nothing of it stays on this device. */
  async leaveMission(): Promise<void> {
    const mission = this.#mission;
    if (!mission?.closing.isOver) throw problem('CLOSING_NOT_YET');
    await mission.stop();
    this.#change();
    this.#mission = undefined;
    await Promise.all(this.#running);
    await forgetAll(this.#platform, this.#vault);
    this.#arrivals.forget();
    this.#welcome();
  }

  /** Draws the view of the present stage. */
  refresh(): void {
    if (this.#mission) this.#drawMission(this.#mission);
    else if (this.#founding) {
      this.#snapshot.change({ stage: 'founding', founding: this.#founding.view() });
    } else if (this.#joining) {
      this.#snapshot.change({ stage: 'joining', joining: this.#joining.view() });
    } else if (this.#linked) {
      this.#snapshot.change({ stage: 'linking', linking: this.#linked.view() });
    }
  }

  #drawMission(mission: Mission): void {
    const moment = mission.moment();
    if (!moment || (this.#isArriving && !mission.hasWords)) {
      const joining = mission.arriving();
      this.#snapshot.change({ ...nothingElse, stage: 'joining', joining });
      return;
    }
    this.#isArriving = false;
    this.#snapshot.change({
      stage: 'mission',
      mission: missionView(moment),
      ...{ call: undefined, incoming: undefined, ...callsOf(moment) },
      ...nothingElse,
    });
  }

  /** Codes of what this device is in already do no harm. */
  #isOurs(code: JoinCode): boolean {
    const self = this.#mission?.record;
    if (code.kind === 'founding') return this.#founding?.isOf(code.foundingKey) ?? false;
    if (code.kind === 'ticket') return self?.cid === code.cid;
    return self?.box === toB64u(code.box);
  }

  #welcome(): void {
    this.#change();
    const nothing = { ...nothingElse, mission: undefined };
    const noCalls = { call: undefined, incoming: undefined };
    this.#snapshot.change({ stage: 'welcome', ...nothing, ...noCalls });
    this.#watchBox();
  }

  #watchBox(): void {
    const watching = this.#arrivals.watch((told) => {
      this.#snapshot.change(told);
    }, this.#present.signal);
    this.#run(watching);
  }

  #found(record: FoundingRecord): void {
    this.#change();
    const founding = new Founding(foundingDeps(this.#ground()), record);
    this.#founding = founding;
    this.refresh();
    this.#run(founding.run(this.#present.signal));
    this.#watchBox();
  }

  #join(joining: Joining): void {
    this.#change();
    this.#joining = joining;
    this.refresh();
    this.#run(joining.run(this.#present.signal));
    this.#watchBox();
  }

  async #beMember(record: SelfRecord): Promise<void> {
    const mission = await Mission.open({
      platform: this.#platform,
      engine: this.#engine,
      vault: this.#vault,
      device: await this.#device(),
      record,
      onChange: () => this.refresh(),
      onAside: () => this.#snapshot.tell(),
      onLink: (link) => this.#snapshot.change({ link }),
      onProblem: (told) => this.#snapshot.change({ problem: told.problem }),
    });
    // Somebody who just came sees that until the mission has its words.
    this.#isArriving = (this.#joining ?? this.#linked) !== undefined;
    this.#change();
    this.#mission = mission;
    this.#snapshot.change({ box: { hasMission: true, hasFounding: false } });
    this.refresh();
    this.#run(mission.run(this.#present.signal));
  }

  #ground(): Ground {
    return {
      platform: this.#platform,
      engine: this.#engine,
      vault: this.#vault,
      door: this.#door,
      device: () => this.#device(),
      onChange: () => this.refresh(),
      beMember: (self) => this.#beMember(self),
    };
  }

  #change(): void {
    this.#present.abort();
    this.#present = new AbortController();
    this.#founding = undefined;
    this.#joining = undefined;
    this.#linked = undefined;
  }

  #checkFree(): void {
    const isTaken = this.#mission ?? this.#founding ?? this.#joining ?? this.#linked;
    if (isTaken) throw problem('FOUNDING_STEP');
  }

  #run(loop: Promise<void>): void {
    const running = loop
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.#snapshot.change({ problem: shown(error).problem });
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #device(): Promise<DeviceKeys> {
    const device = await this.#platform.keys.device(true);
    if (!device) throw problem('STORAGE_FAILED');
    return device;
  }
}
