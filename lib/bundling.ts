// How every Lambda is bundled: once, here. The stack, the bundle test and the bench call the same function.
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

/** Above this a bundle fails the tests: cold starts grow with it. Bytes, minified, not compressed. */
export const MAX_BUNDLE_BYTES = 700_000;

/**
 * Writes the bundle of a step's doorway. The SDK goes in, so that its version is ours and not the runtime's.
 * Throws esbuild's error when the doorway does not build.
 */
export function bundleStep(stem: string, outfile: string): void {
  buildSync({
    entryPoints: [doorway(stem)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // the ES module builds of the SDK: a third smaller than the CommonJS ones
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': besideUs('../src/aws/lambda-credentials') },
    minify: true,
    logLevel: 'error',
  });
}

/** The code of a step as an asset, bundled in this process. `NodejsFunction` would start npx once a function. */
export function stepCode(stem: string): Code {
  return Code.fromAsset(dirname(doorway(stem)), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // never pulled: the local bundling always answers
      image: DockerImage.fromRegistry('none'),
      // CDK takes assets with equal options for the same asset, so the stem has to be one of them
      command: ['bundle', stem],
      local: {
        tryBundle: (outputFolder) => {
          bundleStep(stem, join(outputFolder, 'index.mjs'));
          return true;
        },
      },
    },
  });
}

function doorway(stem: string): string {
  return besideUs(`../lambdas/${stem}`);
}

/** A file of ours as this one runs: .ts in the repository, .js where it was packed. */
function besideUs(path: string): string {
  return fileURLToPath(new URL(`${path}${extname(fileURLToPath(import.meta.url))}`, import.meta.url));
}
