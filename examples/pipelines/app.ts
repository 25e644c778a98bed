// Doorway: npx cdk synth -q --app "node examples/pipelines/app.ts"
import { App } from 'aws-cdk-lib';
import { addPipelines } from './pipelines.ts';

const app = new App();
addPipelines(app);
app.synth();
