import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Any module of ours, as opposed to Node's own and to packages. */
const ours = '^(appliance|web|provisioning|image|test)/';

/** Who must not import whom. The name of each rule is what a violation says. */
export const importRules: IForbiddenRuleType[] = [
  {
    name: 'protocol imports itself, tweetnacl, @noble and zod, and nothing else',
    from: { path: '^appliance/protocol/' },
    to: { pathNot: '^appliance/protocol/|^node_modules/(tweetnacl|@noble/[^/]+|zod)/' },
  },
  {
    name: 'client imports protocol and packages, never Node or the box',
    from: { path: '^appliance/client/' },
    to: { pathNot: '^appliance/(protocol|client)/|^node_modules/' },
  },
  {
    name: 'kernel knows protocol and the list of privileged verbs, and no service',
    from: { path: '^appliance/kernel/' },
    to: {
      path: ours,
      pathNot: ['^appliance/(kernel|protocol)/', '^appliance/privileged/verbs\\.ts$'],
    },
  },
  {
    name: 'a service imports protocol, kernel, its own folder and the index of another service',
    from: { path: '^appliance/services/([^/]+)/' },
    to: {
      path: ours,
      pathNot: [
        '^appliance/(kernel|protocol)/',
        '^appliance/services/$1/',
        '^appliance/services/[^/]+/index\\.ts$',
      ],
    },
  },
  {
    name: 'a service takes only types from another service',
    from: { path: '^appliance/services/([^/]+)/' },
    to: {
      path: '^appliance/services/[^/]+/index\\.ts$',
      pathNot: '^appliance/services/$1/',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'supervisor imports kernel only',
    from: { path: '^appliance/supervisor/' },
    to: { path: ours, pathNot: '^appliance/(kernel|supervisor)/' },
  },
  {
    name: 'the privileged process imports nothing but Node',
    from: { path: '^appliance/privileged/' },
    to: { pathNot: '^appliance/privileged/', dependencyTypesNot: ['core'] },
  },
  {
    name: 'only main puts the box together',
    from: { path: '^(appliance|web|provisioning|image)/', pathNot: '^appliance/[^/]+\\.ts$' },
    to: { path: '^appliance/[^/]+\\.ts$' },
  },
  {
    name: 'web imports protocol and client, never Node or the box',
    from: { path: '^web/', pathNot: '^web/(reader/)?vite\\.config\\.ts$' },
    to: { pathNot: '^web/|^appliance/(protocol|client)/|^node_modules/' },
  },
  {
    name: 'terminal imports protocol, client, Node and packages, never the box or the web app',
    from: { path: '^appliance/terminal/' },
    to: { path: ours, pathNot: '^appliance/(protocol|client|terminal)/' },
  },
  {
    name: 'only tests know the terminal',
    from: { path: ours, pathNot: '^(appliance/terminal|test)/' },
    to: { path: '^appliance/terminal/' },
  },
  {
    name: 'provisioning and image import protocol, never the box or the web app',
    from: { path: '^(provisioning|image)/' },
    to: { path: ours, pathNot: '^(provisioning|image)/|^appliance/protocol/' },
  },
  {
    name: 'the verifier imports itself, Node and @noble/curves, so that it is a second path',
    from: { path: '^provisioning/verify/' },
    to: {
      pathNot: '^provisioning/verify/|^node_modules/@noble/curves/',
      dependencyTypesNot: ['core'],
    },
  },
  {
    name: 'nothing imports test',
    from: { pathNot: '^test/' },
    to: { path: '^test/' },
  },
  {
    name: 'no module imports itself in a circle',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'every import can be resolved',
    from: {},
    to: { couldNotResolve: true },
  },
];

/** The parts of the program; within one, a library has one importer. */
export const parts: Record<string, RegExp> = {
  protocol: /^appliance\/protocol\//,
  client: /^appliance\/client\//,
  terminal: /^appliance\/terminal\//,
  box: /^appliance\/(?!protocol\/|client\/|terminal\/)/,
  web: /^web\//,
  provisioning: /^(provisioning|image)\//,
};

/** Libraries that are a language of their own rather than something to put behind a port. */
export const shared: Record<string, string> = {
  zod: 'each service declares the schema of its own section, each format its own',
  react: 'every view is written in it',
  'react-aria-components': 'the controls that every view is made of',
  'react-i18next': 'every view speaks through it',
  'lucide-react': 'one icon, one import',
  vite: 'each program of the browser has a build of its own',
  '@vitejs/plugin-react': 'the same',
};
