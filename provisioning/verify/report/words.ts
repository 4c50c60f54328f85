import type { Account, SwarmAccount, VoteAccount } from './account.ts';

const reasons: Record<string, string> = {
  removed: 'its author had been removed, and the removal did not know it',
  'removed-in-mission':
    'its author had been removed from the mission, and most parties had not seen it by then',
  demoted: 'its author was no longer allowed to write this',
  'no-standing': 'what its author’s place rested on has no effect',
  fell: 'a decision whose votes contradict each other',
};

const actions: Record<string, string> = {
  ban: 'remove',
  unban: 'take back',
  close: 'close',
  reinstate: 'forgive and let vote again',
  addparty: 'add',
  rule: 'change rules of',
  box: 'record as the box',
  update: 'approve the update',
  promote: 'make admin',
  demote: 'make ordinary member',
};

/** The report in plain words, in the sections an auditor asks for. */
export function inWords(account: Account): string {
  return [
    ['What this is', whatItIs(account)],
    ['Signatures', signatures(account)],
    ['Who took part', people(account)],
    ['Conversations', account.conversations.flatMap(conversation)],
    ['Decisions', decisions(account)],
    ['Hidden', hidden(account)],
    ['The end', theEnd(account)],
    ['What this does not prove', limits(account)],
    ['Verdict', verdict(account)],
  ]
    .map(([title, lines]) => `${title as string}\n${indent(lines as string[])}\n`)
    .join('\n');
}

function whatItIs(account: Account): string[] {
  const { cid, files, h, r, safetyCode, what } = account;
  return [
    what === 'record'
      ? 'The record of a mission.'
      : 'The bundle of a mission’s own history, without its conversations.',
    `Mission ${cid}`,
    ...(safetyCode === undefined
      ? []
      : [
          `Safety code ${safetyCode}. The parties compared it when they founded the mission; ask one of them.`,
        ]),
    `SHA-512 of the file: ${h}`,
    ...(r === undefined ? [] : [`Its content in one hash (R): ${r}`]),
    ...(what === 'record' ? [`${count(files.count, 'sealed file')}, ${files.bytes} bytes.`] : []),
    'People, devices and parties are named by the first eight letters of their keys’ fingerprints; --json has them whole.',
  ];
}

function signatures({ boxReceipts, signatures: { hold, of } }: Account): string[] {
  return [
    `${hold} of ${of} signatures of commits hold.`,
    `${count(boxReceipts, 'receipt line')} of the box checked: one chain a conversation, each about a commit that is here.`,
  ];
}

function people({ devices, parties, people: members }: Account): string[] {
  return parties.flatMap(({ leads, party, state }) => [
    `Party ${short(party)} ${state}.`,
    ...members
      .filter((one) => one.party === party)
      .map(({ person, state: how }) => {
        const own = devices.filter((one) => one.person === person);
        const list = own.map(
          (one) => `${short(one.device)}${one.state === 'in use' ? '' : ` (${one.state})`}`,
        );
        const role = leads.includes(person) ? ', a lead' : '';
        return `  Person ${short(person)}${role}: ${how}. Devices: ${list.join(', ')}.`;
      }),
  ]);
}

function conversation(one: SwarmAccount): string[] {
  return [
    `Conversation ${short(one.cid)}: ${count(one.messages, 'sealed message')}, ${count(one.commits, 'commit')}, ${count(one.inside.length, 'person')} inside at the end${one.closed ? ', closed' : ''}.`,
  ];
}

function decisions({ conversations, mission }: Account): string[] {
  const all = [...(mission === undefined ? [] : [mission]), ...conversations];
  const lines = all.flatMap((swarm) => {
    const where = swarm === mission ? 'In the mission' : `In conversation ${short(swarm.cid)}`;
    return [
      ...swarm.votes.map((vote) => `${where}: ${voteInWords(vote)}`),
      ...swarm.removals.map(({ class: c, how, lifted, who }) => {
        const words =
          how === 'ban'
            ? 'was removed by vote'
            : how === 'demote'
              ? 'lost the role of an admin by vote'
              : `left by its own or its party’s word (${how})`;
        return `${where}: ${c} ${short(who)} ${words}${lifted ? ', and was taken back later' : ''}.`;
      }),
      ...swarm.forks.map(
        ([d, q]) =>
          `${where}: device ${short(d)} wrote two things under number ${q}. That is a proof against its owner; its votes from there on do not count.`,
      ),
      ...(swarm.frozen
        ? [
            `${where}: decisions that exclude each other left too few; it was frozen and could only be closed.`,
          ]
        : []),
    ];
  });
  return lines.length === 0 ? ['Nobody voted and nobody was removed.'] : lines;
}

function voteInWords({
  action,
  against,
  class: c,
  for: yes,
  outcome,
  target,
  withdrawn,
}: VoteAccount): string {
  const what = `${actions[action] ?? action} ${c === 'swarm' ? 'it' : `${c} ${short(target)}`}`;
  const said = (title: string, list: readonly string[]): string =>
    list.length === 0 ? '' : ` ${title}: ${list.map(short).join(', ')}.`;
  const end = {
    carried: 'Carried.',
    open: 'Not carried.',
    fell: 'Written down, but without effect: votes contradict each other.',
  }[outcome];
  return `to ${what}.${said('For', yes)}${said('Against', against)}${said('Withdrawn', withdrawn)} ${end}`;
}

function hidden({ conversations, mission }: Account): string[] {
  const all = [...(mission === undefined ? [] : [mission]), ...conversations].flatMap(
    (one) => one.hidden,
  );
  if (all.length === 0) return ['Nothing is hidden.'];
  return all.map(
    ({ by, commit, kind, reason }) =>
      `${kind === 'msg' ? 'A message' : `A commit (${kind})`} ${short(commit)} by ${short(by)} is kept without effect: ${reasons[reason] ?? reason}.`,
  );
}

function theEnd({ certificate, end }: Account): string[] {
  if (end === undefined) return ['Nothing can be said of the end.'];
  if (!end.closed) return ['The mission was not closed in what is here.'];
  const { agreed, disputes, excused, missing, receipts, records } = end;
  return [
    `The parties closed the mission${end.closeFinal ? ', and more than half of them went on to the last sync.' : '; not enough of them went on to the last sync yet.'}`,
    ...missing.map((device) => `Device ${short(device)} never said its last word.`),
    ...[...new Set(agreed.map(({ party }) => party))].map(
      (party) => `Party ${short(party)} agreed that the record is whole.`,
    ),
    ...receipts.map(
      ({ party, person }) => `Party ${short(party)} signed a receipt, by ${short(person)}.`,
    ),
    ...excused.map((party) => `Party ${short(party)} was excused: the others waited long enough.`),
    ...disputes.map(
      ({ party, settled, why }) =>
        `Party ${short(party)} disputed (${why})${settled ? '; settled since' : '; still open'}.`,
    ),
    ...(records > 1
      ? [
          `The box signed ${records} different records. That proves that it did not treat all parties alike.`,
        ]
      : []),
    ...(agreed.length + receipts.length === 0
      ? [
          'Agreements and receipts come after a record is made; they are in the certificate of erasure.',
        ]
      : []),
    ...(certificate === undefined ? [] : claims(certificate)),
  ];
}

function claims({
  erased,
  medium,
  method,
  possessions,
  unseen,
  when,
}: NonNullable<Account['certificate']>): string[] {
  const bytes = erased.reduce((sum, one) => sum + one.bytes, 0);
  const how =
    method === 'removed'
      ? 'removed its files; the medium itself was not erased'
      : `destroyed the keys of its medium (${medium})`;
  return [
    `${count(possessions, 'receipt')} could only be signed by somebody who had every byte of this file.`,
    `The box claims, by its clock at ${new Date(when * 1000).toISOString()}, that it ${how}: ${bytes} bytes in ${count(erased.length, 'place')}.`,
    ...(unseen.length === 0
      ? ['It says that it looked afterwards and found nothing left.']
      : unseen.map((one) => `It says that this was still there afterwards: ${one}`)),
  ];
}

function limits({ certificate, what }: Account): string[] {
  return [
    'Who the people behind the keys are: ask the parties, and compare the safety code.',
    'When something was written: times are what each device said.',
    'What messages and files say: they are sealed, and this check needs no key. reader.html opens them with a key card or key file.',
    'That nothing is missing that nobody built on: each party compared that with what it held before it agreed.',
    ...(what === 'record'
      ? ['README.txt in the record: its words are not signed by anybody.']
      : []),
    ...(certificate === undefined
      ? []
      : [
          'That the box kept no copy: a certificate of erasure is its word. What a copy would show is sealed text, and who wrote when.',
        ]),
  ];
}

function verdict({ faults, holds }: Account): string[] {
  if (holds) return ['Everything that can be checked here holds.'];
  return [
    `${count(faults.length, 'thing')} ${faults.length === 1 ? 'does' : 'do'} not hold:`,
    ...faults.map(({ rule, where, why }) => `- ${where}: ${why} [${rule}]`),
  ];
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join('\n');
}

function count(n: number, noun: string): string {
  const plural = noun === 'person' ? 'people' : `${noun}s`;
  return `${n} ${n === 1 ? noun : plural}`;
}

function short(name: string): string {
  return name.slice(0, 8);
}
