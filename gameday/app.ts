// Doorway for the CDK command line: the stacks of a game day. `npm run gameday` calls it; nobody else should.
import { App } from 'aws-cdk-lib';
import { addGameDayStacks } from './stacks/game-day-app.ts';

const app = new App();
addGameDayStacks(app);
app.synth();
