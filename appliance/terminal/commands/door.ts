import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { OpenCarrier, type Question } from '#client/exchange.ts';
import { selfOf, type SelfRecord } from '#client/self.ts';
import { Session } from '#client/session.ts';
import { Vault } from '#client/vault.ts';
import { topicOf } from '#protocol/codec/fingerprint.ts';
import { fromB64u } from '#protocol/codec/text-form.ts';
import type { Call, Command } from '../command.ts';
import type { Device } from '../device.ts';
import { nodeEngine } from '../platform/node-engine.ts';
import { NodeNetwork } from '../platform/node-network.ts';
import { exitCodes, Stop } from '../stop.ts';

const methods: readonly Question['method'][] = ['GET', 'POST', 'PUT', 'HEAD'];

/** Head of an Ed25519 key in the format of SSH (RFC 8709). */
const sshHead = Buffer.from('0000000b7373682d6564323535313900000020', 'hex');

/** Goes through a door of the box with this device's proof. */
export const door: Command = {
  name: 'door',
  usage: 'METHOD PATH [--data FILE], or me, or mqtt',
  summary: 'ask the box by hand, as this device: for whoever writes another client',
  help: `
METHOD PATH logs in, puts the proof on one request and writes the body of the answer to standard
output as it is. me says who this device is, with the topics it may hear. mqtt prints the options for
one connection of mosquitto_sub or mosquitto_pub; they work once.

  --data FILE   the body of the request; - for standard input

  npm run --silent client -- door GET /v1/s
  See WRITING-A-CLIENT.md for what there is to ask.`,
  options: { data: { type: 'string' } },
  words: [1, 2],

  async run(call) {
    const [what = '', path = ''] = call.words;
    const device = await call.inMission();
    const { record, session } = await logIn(device);
    if (what === 'me') return tellMe(device, record, call);
    if (what === 'mqtt') {
      const { clientId, userName, password } = await session.mqttLogin(call.signal);
      process.stdout.write(`-V mqttv311 -i ${clientId} -u ${userName} -P ${password}\n`);
      return undefined;
    }
    const method = methods.find((one) => one === what);
    if (!method || !path.startsWith('/')) {
      throw new Stop(`Say ${methods.join(', ')} and a path, or me, or mqtt.`, exitCodes.usage);
    }
    const body = await bodyOf(call);
    const reply = await session.ask({ method, path, signal: call.signal, ...(body && { body }) });
    call.out.note(`${reply.status} ${reply.body.length} bytes`);
    process.stdout.write(reply.body);
    return undefined;
  },
};

/** A session of its own beside the engine's. */
async function logIn({ origin, state }: Device): Promise<{ record: SelfRecord; session: Session }> {
  const record = await new Vault(state.records, state.keys).get<SelfRecord>('self');
  const keys = await state.keys.device(false);
  const boxKeyHash = fromB64u(record?.box ?? '', 32);
  if (!record || !keys || !boxKeyHash) throw new Stop('This device takes part in no mission yet.');
  const network = new NodeNetwork(origin);
  const { dfp } = selfOf(record.secrets, keys);
  const session = new Session({
    open: new OpenCarrier(network),
    bindings: network.bindings,
    engine: nodeEngine,
    signer: keys.signer,
    dfp,
    cid: record.cid,
    boxKeyHash,
  });
  return { record, session };
}

async function tellMe(device: Device, record: SelfRecord, { out }: Call): Promise<undefined> {
  const keys = await device.state.keys.device(false);
  if (!keys) throw new Stop('This device has no keys yet.');
  const ssh = Buffer.concat([sshHead, keys.signer.publicKey]).toString('base64');
  const { dfp, mfp } = selfOf(record.secrets, keys);
  const swarms = [record.cid, ...device.mission.conversations.map(({ cid }) => cid)];
  out.json({
    mission: record.cid,
    box: record.box,
    device: dfp,
    member: mfp,
    party: record.party,
    key: `ssh-ed25519 ${ssh}`,
    topics: swarms.map((cid) => ({ cid, heads: `s/${topicOf(cid)}/h/+` })),
    hints: `b/${dfp}`,
  });
}

async function bodyOf(call: Call): Promise<Uint8Array | undefined> {
  const file = call.text('data');
  if (file === undefined) return undefined;
  return new Uint8Array(
    file === '-' ? await buffer(process.stdin) : await readFile(call.path(file)),
  );
}
