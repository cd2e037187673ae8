import { suite } from "./suite";

suite("batchNorm");
