// Fails when npm's scripts do not run on Node 24: then the devDependency `node` was installed without its install script.
const [major] = process.versions.node.split('.');
if (major !== '24') {
  process.stderr.write(
    `The scripts run on Node ${process.versions.node} instead of 24.\n` +
      'Fix: install with scripts (npm ci, not npm ci --ignore-scripts), so that node_modules/.bin/node exists.\n',
  );
  process.exitCode = 1;
}
