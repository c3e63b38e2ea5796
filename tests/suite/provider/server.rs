//! A server that does as it is told, also what no proper server does. The n-th connection gets the n-th act.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What is done with one connection, after the request has been read.
#[derive(Clone)]
pub enum Act {
    /// A whole answer: status, further header lines, body.
    Answer(u16, Vec<String>, String),
    /// A whole answer after a while.
    Late(Duration, String),
    /// A body in chunks with pauses between them.
    Slowly(Duration, Vec<String>),
    /// These bytes, then the end of the connection.
    Raw(Vec<u8>),
    /// Chunks without end, as long as somebody reads.
    Endless,
    /// Nothing, until the client goes.
    Hang,
}

/// One request as it came.
#[derive(Clone)]
pub struct Asked {
    pub head: String,
    pub body: serde_json::Value,
    pub at: Instant,
}

pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    acts: Vec<Act>,
    asked: Mutex<Vec<Asked>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    written: AtomicUsize,
    over: AtomicBool,
}

pub fn json(status: u16, body: impl Into<String>) -> Act {
    Act::Answer(
        status,
        vec!["content-type: application/json".into()],
        body.into(),
    )
}

impl Server {
    pub fn start(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            acts,
            asked: Mutex::default(),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            most_open: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, stream) = (shared.clone(), stream.expect("a connection"));
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                std::thread::spawn(move || shared.serve(stream, number));
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The most requests that waited for a late answer at once.
    pub fn most_open(&self) -> usize {
        self.state.most_open.load(Ordering::SeqCst)
    }

    /// Bytes of bodies that went out.
    pub fn written(&self) -> usize {
        self.state.written.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

impl State {
    fn serve(&self, mut stream: TcpStream, number: usize) {
        let Some(asked) = read_request(&mut stream) else {
            return;
        };
        self.asked.lock().unwrap().push(asked);
        self.act(&mut stream, number);
    }

    fn act(&self, stream: &mut TcpStream, number: usize) {
        let mut send = |bytes: &[u8]| {
            let sent = stream.write_all(bytes).is_ok();
            self.written.fetch_add(bytes.len(), Ordering::SeqCst);
            sent
        };
        match self.acts.get(number).cloned() {
            None => {}
            Some(Act::Answer(status, headers, body)) => {
                send(&whole(status, &headers, &body));
            }
            Some(Act::Late(pause, body)) => {
                let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
                self.most_open.fetch_max(open, Ordering::SeqCst);
                std::thread::sleep(pause);
                // Before the answer: the client may come back the moment it has it.
                self.open.fetch_sub(1, Ordering::SeqCst);
                send(&whole(
                    200,
                    &["content-type: application/json".into()],
                    &body,
                ));
            }
            Some(Act::Slowly(pause, parts)) => {
                send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
                for part in parts {
                    send(format!("{:x}\r\n{part}\r\n", part.len()).as_bytes());
                    std::thread::sleep(pause);
                }
                send(b"0\r\n\r\n");
            }
            Some(Act::Raw(bytes)) => {
                send(&bytes);
            }
            Some(Act::Endless) => {
                send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n");
                let part = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
                while send(part.as_bytes()) && self.written.load(Ordering::SeqCst) < 1 << 28 {}
            }
            Some(Act::Hang) => {
                // Ends when the client closes its side.
                let _gone = stream.read(&mut [0; 1]);
            }
        }
    }
}

fn whole(status: u16, headers: &[String], body: &str) -> Vec<u8> {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    format!(
        "HTTP/1.1 {status} Told\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let at = Instant::now();
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, value)| value.trim().parse().expect("a length"));
            if body.len() >= length {
                return Some(Asked {
                    head: head.to_owned(),
                    body: serde_json::from_str(body).expect("a JSON body"),
                    at,
                });
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
