/** Loaded before every unit test file: what draws without a seed (tfjs's initializers do) draws the same each time. */
import { randomGenerator } from "normlab";

Math.random = randomGenerator(1).uniform;
