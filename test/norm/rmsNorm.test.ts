import { suite } from "./suite";

suite("rmsNorm");
