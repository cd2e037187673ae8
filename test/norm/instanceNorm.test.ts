import { suite } from "./suite";

suite("instanceNorm");
