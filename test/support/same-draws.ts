// Every run of the tests draws the same examples of a property: a red test is red again, on every machine.
import fc from 'fast-check';

fc.configureGlobal({ seed: 1 });
