package notebook

func endServer() error { return nil }
