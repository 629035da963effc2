// Package certificate has the console's certificate signed by an authority that speaks ACME (RFC 8555), such as Let's Encrypt, and renews it in time.
//
//	k, err := certificate.New(certificate.Config{Names: []string{"belwacht.example.nl"}, Folder: dir, Own: &signedByItself, Log: log})
//	go k.Run(ctx)                       // asks for it, and for the next one; answers challenges of HTTP-01
//	tls.NewListener(l, k.TLS())         // serves it, and answers challenges of TLS-ALPN-01
//	k.Problem()                         // what is wrong, for status
//
// It never takes the console down: as long as there is no certificate, and where one is over, the one that signs itself is served. Where an address for HTTP-01 is given
// that is how names are proved (RFC 8555 §8.3), else TLS-ALPN-01 (RFC 8737): the authority opens a connection to port 443 and reads a certificate that is made for it.
// Such a connection is closed once its handshake is over, so that it shows no page to anybody, wherever they come from.
//
// What is kept (the account's key, the certificate and its key) lies in acme/ of the data folder, apart for each authority, for its owner's eyes only. The authority's
// answers are bounded, and name no address but its own.
package certificate
