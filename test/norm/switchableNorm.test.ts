import { suite } from "./suite";

suite("switchableNorm");
