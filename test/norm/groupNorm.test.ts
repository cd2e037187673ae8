import { suite } from "./suite";

suite("groupNorm");
