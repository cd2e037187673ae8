/** The program that compiles in a box, where there is no snapshot of it (snapshot.ts). */
import { answerRequests, newCompiler } from "./answer";

answerRequests(newCompiler());
