// Loaded before every entry point (`node --import ./scripts/require-node.mjs …`), so that a missing or old Node is
// named instead of ending in a syntax error. Plain JavaScript: it has to run on the very Node that is too old.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

// Type stripping without a flag came with 22.18 and 24.
if (major < 22 || (major === 22 && minor < 18)) {
  const tooOldToInstall = major < 20 || (major === 20 && minor < 19);
  const remedy = tooOldToInstall
    ? 'Install Node 20.19 or newer, then run `npm ci`.'
    : 'Run `npm ci` (without --ignore-scripts) and start through npm: it brings Node 24 along.';
  process.stderr.write(`FastPay runs on Node 24, and this is Node ${process.versions.node}.\n${remedy}\n`);
  process.exit(1);
}
